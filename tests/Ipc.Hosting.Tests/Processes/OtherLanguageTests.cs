using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>The protocol is what docs/protocol.md says: a program in another language that knows nothing else is a worker.</summary>
public sealed partial class OtherLanguageTests
{
    private const int SigKill = 9;

    [Fact]
    public async Task A_Python_program_is_a_worker_answers_asks_and_is_replaced_and_another_one_is_a_client()
    {
        using var script = new WorkerScript($"#!/bin/sh\nexec python3 '{RepositoryFile.Find("tests/wire/peer.py")}'\n");
        string endpoint = $"languages-{Guid.NewGuid():N}";
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            $"--Ipc:Endpoint={endpoint}", "--Ipc:Clients:Enabled=true", "--Ipc:Workers:Count=1", "--Ipc:SharedMemoryLimit=0", $"--Ipc:Groups:python:Program={script.FilePath}", "--Ipc:Groups:python:Count=1");
        int python = await ProcessIdAsync(cluster, "ask python/0"), worker = await ProcessIdAsync(cluster, "ask worker/0");
        Assert.Equal(3, new HashSet<int> { cluster.ProcessId, python, worker }.Count);

        // More frames, and more bytes in one, than may be under way without an acknowledgement.
        await Task.WhenAll(Enumerable.Range(0, 600).Select(_ => cluster.CommandAsync("ask python/0")));
        Assert.Equal("3000000", await cluster.CommandAsync("big python/0 3000000"));
        Assert.Equal(worker, await ProcessIdAsync(cluster, "relay python/0 0"));
        Assert.Contains("ListenerFailed", (await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("relay python/0 7"))).Message, StringComparison.Ordinal);

        Assert.Equal("True 15\n", await RunAsync(EndpointPath.Of(EndpointPath.FolderOf(), endpoint), "outsider"));

        ClusterProcess.Signal(python, SigKill);
        await cluster.WaitForLineAsync(line => line.Contains("Worker python/0#1 has ended", StringComparison.Ordinal)); // what was sent before that would be lost with the pipe
        int successor = await ProcessIdAsync(cluster, "ask python/0");
        Assert.NotEqual(python, successor);

        await cluster.CommandAsync("stop");
        Assert.Equal(0, await cluster.ExitAsync());
        Assert.False(ClusterProcess.IsAlive(successor));
        Assert.DoesNotContain("killed", cluster.Output, StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var info = new ProcessStartInfo("python3", [RepositoryFile.Find("tests/wire/peer.py"), .. arguments]) { RedirectStandardOutput = true };
        using Process client = Process.Start(info)!;
        return await client.StandardOutput.ReadToEndAsync();
    }

    private static async Task<int> ProcessIdAsync(ClusterProcess cluster, string command) =>
        int.Parse(ProcessIdPattern().Match(await cluster.CommandAsync(command)).Groups[1].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@" pid=(\d+) ")]
    private static partial Regex ProcessIdPattern();
}
