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
        Assert.Equal("Healthy All 2 workers are ready.", await cluster.CommandAsync("health supervisor"));
        Assert.Equal("Healthy worker/0#1 is connected to its supervisor, and ready.", await cluster.CommandAsync("health 0"));
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

        string line = await cluster.WaitForLineAsync(l => l.Contains("is not started again", StringComparison.Ordinal));
        Assert.Contains("It is not started again: Ipc:Workers:Restart allows no more than that (Limit 2 in 00:01:00). ", line, StringComparison.Ordinal);
        Assert.Contains($"It began with this: process {processes.First()} was ended by SIGKILL", line, StringComparison.Ordinal);
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("ask 0"));
        Assert.StartsWith("PeerGone ", error.Message, StringComparison.Ordinal);
        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith("worker/1#1 ", await cluster.CommandAsync("ask any"), StringComparison.Ordinal);
        }

        Assert.Equal(["worker/1"], (await cluster.WorkersAsync()).Keys); // all of them
        Assert.Equal("Degraded Quarantined: worker/0.", await cluster.CommandAsync("health supervisor"));
    }

    [Fact]
    public async Task A_cluster_that_was_scaled_to_nothing_and_back_ends_too_when_its_last_worker_is_quarantined()
    {
        using var script = new WorkerScript("#!/bin/sh\nexec dotnet \"$@\"\n");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1", "--Ipc:Workers:Restart:Limit=0", $"--Ipc:Workers:Program={script.FilePath}", $"--Ipc:Workers:Arguments:0={ClusterProcess.AppPath("Ipc.Hosting.TestApp")}");
        await cluster.CommandAsync("scale worker 0");
        await File.WriteAllTextAsync(script.FilePath, "#!/bin/sh\nexit 3\n");

        _ = cluster.CommandAsync("scale worker 1"); // the supervisor may end before it answers

        Assert.Equal(1, await cluster.ExitAsync());
        Assert.Matches("The cluster has no worker left: .* Worker 0 was started 2 times; what ended it began with this: process \\d+ exited with code 3", cluster.Output);
    }

    [Fact]
    public async Task An_exit_with_code_0_is_an_end_like_any_other()
    {
        using var script = new WorkerScript("#!/bin/sh\nexit 0\n");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1", "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", "--Ipc:Groups:native:Restart:Limit=1");

        string line = await cluster.WaitForLineAsync(l => l.Contains("Worker native/0#2 has ended", StringComparison.Ordinal));

        Assert.Matches("process \\d+ exited with code 0 before it was ready \\(.*, or Main has returned\\)\\. It is not started again: Ipc:Groups:native:Restart allows no more than that \\(Limit 1 in 00:01:00\\)\\.", line);
        Assert.Equal(["worker/0"], (await cluster.WorkersAsync()).Keys); // the cluster has started without it
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("ask native/0"));
        Assert.StartsWith("PeerGone ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_only_sound_worker_is_between_two_incarnations_Any_does_not_mean_a_quarantined_one()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", "--Ipc:Workers:Restart:Limit=1", "--Ipc:Workers:Restart:MinDelay=00:00:02", "--Ipc:Workers:Restart:MaxDelay=00:00:02");
        int other = (await cluster.WorkersAsync())["worker/1"];
        for (int incarnation = 1; incarnation <= 2; incarnation++)
        {
            Assert.StartsWith($"worker/0#{incarnation} ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
            ClusterProcess.Signal((await cluster.WorkersAsync())["worker/0"], SigKill);
            await cluster.WaitForLineAsync(l => l.Contains($"Worker worker/0#{incarnation} has ended", StringComparison.Ordinal));
        }

        ClusterProcess.Signal(other, SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("Worker worker/1#1 has ended", StringComparison.Ordinal));

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => cluster.CommandAsync("ask any")));

        Assert.All(answers, answer => Assert.StartsWith("worker/1#2 ", answer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_accepted_for_a_successor_that_does_not_come_since_the_cluster_stops_is_reported_as_lost()
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:Workers:Restart:MinDelay=00:00:30");
        await cluster.CommandAsync($"append 0 {file} 0 1 0");
        await ClusterProcess.UntilAsync(() => File.ReadAllLines(file).Length == 1, "the lane is open");
        ClusterProcess.Signal((await cluster.WorkersAsync())["worker/0"], SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("It is started again in 00:00:30", StringComparison.Ordinal));
        await cluster.CommandAsync($"append 0 {file} 1 5 0");

        ClusterProcess.Signal(cluster.ProcessId, 15);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Contains("Messages for worker/0#1 were lost: 5 ", cluster.Output, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(file));
        File.Delete(file);
    }

    [Fact]
    public async Task A_successor_that_does_not_become_ready_is_killed_after_the_start_timeout_and_counts_as_one_that_ended()
    {
        using var script = new WorkerScript("#!/bin/sh\nif rm \"$0.hang\" 2>/dev/null; then exec sleep 3600; fi\nexec dotnet \"$@\"\n");
        string app = ClusterProcess.AppPath("Ipc.Hosting.TestApp");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", $"--Ipc:Groups:native:Arguments:0={app}", "--Ipc:StartTimeout=00:00:10");
        int first = (await cluster.WorkersAsync())["native/0"];
        await File.WriteAllTextAsync(script.FilePath + ".hang", "");
        ClusterProcess.Signal(first, SigKill);

        string line = await cluster.WaitForLineAsync(l => l.Contains("was not ready after 00:00:10 (Ipc:StartTimeout) and is killed", StringComparison.Ordinal));

        Assert.Contains("Worker native/0#2 ", line, StringComparison.Ordinal);
        await cluster.WaitForLineAsync(l => l.Contains("Worker native/0#2 has ended: process ", StringComparison.Ordinal));
        Assert.StartsWith("native/0#3 ", await cluster.CommandAsync("ask native/0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_no_worker_is_left_while_the_host_still_starts_it_ends_in_order_when_it_has_started()
    {
        using var script = new WorkerScript("#!/bin/sh\nexit 7\n");
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "slow-start",
                "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", "--Ipc:Groups:native:Restart:Limit=0",
            ]);

        Assert.Equal(1, await cluster.ExitAsync());

        Assert.Contains("exited with code 7", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", cluster.Output, StringComparison.Ordinal);
    }
}
