using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Workers that end again and again, as real processes.</summary>
public sealed class RestartTests
{
    private const int SigKill = 9;

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_worker_that_ends_more_often_than_the_limit_allows_is_quarantined_while_the_others_go_on(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:Workers:Restart:Limit=2", option);
        var processes = new HashSet<int>();
        for (int incarnation = 1; incarnation <= 3; incarnation++)
        {
            string who = await cluster.CommandAsync("ask 0"); // waits for the successor
            Assert.StartsWith($"worker/0#{incarnation} ", who, StringComparison.Ordinal);
            int process = (await cluster.WorkersAsync())["worker/0"];
            Assert.True(processes.Add(process));
            ClusterProcess.Signal(process, SigKill);
            await cluster.WaitForLineAsync(l => l.Contains($"Worker worker/0#{incarnation} has ended: process {process} ", StringComparison.Ordinal));
        }

        string line = await cluster.WaitForLineAsync(l => l.Contains("is not any more", StringComparison.Ordinal));
        Assert.Contains("It was started again 2 times within 00:01:00 (Ipc:Workers:Restart) and is not any more: ", line, StringComparison.Ordinal);
        Assert.Contains($"It began with this: the first time process {processes.First()} was ended by SIGKILL", line, StringComparison.Ordinal);
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("ask 0"));
        Assert.StartsWith("PeerGone ", error.Message, StringComparison.Ordinal);
        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith("worker/1#1 ", await cluster.CommandAsync("ask any"), StringComparison.Ordinal);
        }

        Assert.Equal(["worker/1"], (await cluster.WorkersAsync()).Keys); // all of them
    }

    [Fact]
    public async Task An_exit_with_code_0_is_an_end_like_any_other()
    {
        using var script = new WorkerScript("#!/bin/sh\nexit 0\n");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1", "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", "--Ipc:Groups:native:Restart:Limit=1");

        string line = await cluster.WaitForLineAsync(l => l.Contains("Worker native/0#2 has ended", StringComparison.Ordinal));

        Assert.Matches("process \\d+ exited with code 0\\. It was started again 1 times within 00:01:00 \\(Ipc:Groups:native:Restart\\)", line);
        Assert.Equal(["worker/0"], (await cluster.WorkersAsync()).Keys); // the cluster has started without it
    }
}
