using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Contracts between real processes, over rings and over pipes: calls, streams in both directions, and kill -9 of the one that runs them.</summary>
public sealed class ContractProcessTests : IDisposable
{
    private const int SigKill = 9;

    // One for each call that runs at the same time: two that append to one file at once write over each other.
    private readonly string _marker = Path.GetTempFileName();
    private readonly string _second = Path.GetTempFileName();

    public void Dispose()
    {
        File.Delete(_marker);
        File.Delete(_second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task Calls_and_streams_cross_processes_and_fail_with_PeerGone_when_the_other_one_is_killed(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, worker);

        Assert.Equal($"{worker}", await cluster.CommandAsync("call"));
        Assert.Equal("100000", await cluster.CommandAsync($"call-count 100000 {_marker} -1"));
        Assert.Equal("7", await cluster.CommandAsync($"call-count 99999 {_marker} 7"));
        await UntilMarkedAsync(_marker, "left\nleft\n");
        Assert.Equal("5000050000", await cluster.CommandAsync($"call-sum 100000 {_marker}"));

        await File.WriteAllTextAsync(_marker, "");
        Task<string>[] running =
        [
            cluster.CommandAsync($"call-sleep {_marker}"),
            cluster.CommandAsync("call-count 10 /dev/null -1"),
            cluster.CommandAsync($"call-sum {int.MaxValue} {_second}"),
        ];
        await UntilMarkedAsync(_marker, "started\n");
        await UntilMarkedAsync(_second, "started\n");
        ClusterProcess.Signal(worker, SigKill);

        foreach (Task<string> call in running)
        {
            Assert.StartsWith("PeerGone", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message, StringComparison.Ordinal);
        }

        // The successor is another process, and nobody repeats a call.
        int successor = int.Parse(await cluster.CommandAsync("call"), null);
        Assert.NotEqual(worker, successor);
        Assert.Equal("started\n", await File.ReadAllTextAsync(_marker));
        Assert.Equal("started\n", await File.ReadAllTextAsync(_second));
    }

    private static Task UntilMarkedAsync(string marker, string text) => ClusterProcess.UntilAsync(() => File.ReadAllText(marker) == text, text);
}
