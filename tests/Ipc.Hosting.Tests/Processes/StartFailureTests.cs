using System.Text.RegularExpressions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Clusters that cannot start: what a person reads, and what the process ends with.</summary>
public sealed class StartFailureTests
{
    [Fact]
    public async Task Workers_that_are_not_ready_in_time_end_the_start_with_one_critical_line_and_exit_code_1()
    {
        using var script = new WorkerScript("#!/bin/sh\necho 'no licence' >&2\necho '   at Main()' >&2\nexit 3\n");
        await using ClusterProcess cluster = Start(
            "--Ipc:Groups:native:Count=2",
            $"--Ipc:Groups:native:Program={script.FilePath}",
            "--Ipc:Groups:native:Restart:Limit=1000",
            "--Ipc:StartTimeout=00:00:03");

        Assert.Equal(1, await cluster.ExitAsync());

        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("The cluster did not start", StringComparison.Ordinal)).Trim();
        Assert.Matches(
            "^The cluster did not start within 00:00:03 \\(Ipc:StartTimeout\\)\\. Of the group \"native\", 2 of 2 workers are not ready\\. "
            + "Worker 0 was started (once|\\d+ times); the last time process \\d+ exited with code 3, and its last line on standard error was \"no licence\"\\. "
            + ".*Ipc:StartTimeout.*exit code 1\\.$",
            line);
        Assert.Contains("crit: ", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception: ", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_join_the_cluster_is_named_as_such_and_sends_say_the_same()
    {
        await using ClusterProcess cluster = Start(
            "--Ipc:Groups:native:Count=1",
            "--Ipc:Groups:native:Program=/bin/sleep",
            "--Ipc:Groups:native:Arguments:0=60",
            "--Ipc:StartTimeout=00:00:03",
            "--Ipc:StopTimeout=00:00:00",
            "last-word");

        Assert.Equal(1, await cluster.ExitAsync());

        string line = await cluster.WaitForLineAsync(l => l.Contains("The cluster did not start", StringComparison.Ordinal));
        Assert.Contains($"last word: NotRunning {line.Trim()}", cluster.Output, StringComparison.Ordinal);
        Assert.Matches("Worker 0 was started once; process \\d+ runs and has not connected: .* does not call AddIpcWorkers\\(\\)\\.", line);
    }

    [Fact]
    public async Task A_file_that_is_no_program_is_tried_again_and_the_line_is_made_of_whole_sentences()
    {
        using var script = new WorkerScript("neither a script nor a binary");
        await using ClusterProcess cluster = Start(
            "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", "--Ipc:Groups:native:Restart:Limit=2");

        Assert.Equal(1, await cluster.ExitAsync());

        Assert.Matches("Worker native/0#1 could not be started: .*[^.]\\. It is tried again in 00:00:00\\.1\\d*\\.", cluster.Output);
        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("no worker left", StringComparison.Ordinal));
        Assert.Contains("Worker 0 was started 3 times; what ended it began with this: it could not be started: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workers_that_all_fail_at_boot_stop_the_host_long_before_the_start_timeout_with_the_first_error_in_words()
    {
        using var script = new WorkerScript("#!/bin/sh\nif [ -e \"$0.$IPC_TEST\" ]; then exit 4; fi\n: > \"$0.$IPC_TEST\"\necho 'no licence' >&2\nexit 3\n");
        await using ClusterProcess cluster = Start(
            "--Ipc:Groups:native:Count=1",
            $"--Ipc:Groups:native:Program={script.FilePath}",
            "--Ipc:Groups:native:Environment:IPC_TEST=a",
            "--Ipc:Groups:other:Count=1",
            $"--Ipc:Groups:other:Program={script.FilePath}",
            "--Ipc:Groups:other:Environment:IPC_TEST=b",
            "--Ipc:StartTimeout=01:00:00");

        Assert.Equal(1, await cluster.ExitAsync());

        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("no worker left", StringComparison.Ordinal)).Trim();
        Assert.Matches(
            "^The cluster has no worker left: .* Of the group \"native\", 1 of 1 workers are not started any more\\. "
            + "Worker 0 was started 6 times; what ended it began with this: process \\d+ exited with code 3, and its last line on standard error was \"no licence\"\\. "
            + "Of the group \"other\", .*exit code 1\\.$",
            line);
        Assert.Contains("crit: ", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception: ", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hosted_service_that_fails_before_its_worker_is_ready_is_told_with_its_exception()
    {
        await using ClusterProcess cluster = Start(
            "--Ipc:Groups:early:Count=1",
            "--Ipc:Groups:early:Restart:Limit=0",
            "--Ipc:Groups:late:Count=1",
            "--Ipc:Groups:late:Restart:Limit=0",
            "--Ipc:Groups:late:WaitForReady=true",
            "failing-service");

        Assert.Equal(1, await cluster.ExitAsync());

        const string Logged = "it had logged \"BackgroundService failed: System.InvalidOperationException: no licence ---> System.IO.FileNotFoundException: no such file\"";
        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("no worker left", StringComparison.Ordinal));
        Assert.Matches($"Of the group \"early\", .* began with this: process \\d+ .*{Regex.Escape(Logged)}\\. Of the group \"late\"", line);
        Assert.Matches(
            $"Of the group \"late\", .*: process \\d+ exited with code 0 before it was ready \\(a hosted service has failed or has stopped its host, or Main has returned\\), and {Regex.Escape(Logged)}\\.", line);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_ends_the_start_before_anything_runs_and_names_the_option()
    {
        await using ClusterProcess cluster = Start("--Ipc:Workers:Count=1", "--Ipc:Workers:WorkingDirectory=/no/such/folder");

        Assert.NotEqual(0, await cluster.ExitAsync());

        Assert.Contains("Ipc:Workers:WorkingDirectory is \"/no/such/folder\"; there is no such folder.", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("before workers", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tried again", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_a_live_supervisor_has_is_refused_with_its_process_and_free_again_when_that_was_killed()
    {
        string name = $"--Ipc:Endpoint=tests-{Environment.ProcessId}";
        await using ClusterProcess first = await ClusterProcess.StartAsync(name, "--Ipc:Workers:Count=1");
        await using ClusterProcess second = Start(name, "--Ipc:Workers:Count=1");

        Assert.NotEqual(0, await second.ExitAsync());
        Assert.Contains($"Ipc:Endpoint is \"tests-{Environment.ProcessId}\", and process {first.ProcessId} has the endpoint of that name.", second.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("before workers", second.Output, StringComparison.Ordinal);

        ClusterProcess.Signal(first.ProcessId, 9);
        await first.ExitAsync();
        await using ClusterProcess third = await ClusterProcess.StartAsync(name, "--Ipc:Workers:Count=1");
        Assert.NotEqual(first.ProcessId, third.ProcessId);
    }

    private static ClusterProcess Start(params string[] arguments) =>
        ClusterProcess.StartWithoutWaiting("dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), .. arguments]);
}
