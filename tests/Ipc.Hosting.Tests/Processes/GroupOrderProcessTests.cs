using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Groups that wait for others, as real processes.</summary>
public sealed class GroupOrderProcessTests
{
    [Fact]
    public async Task A_group_starts_when_the_workers_of_the_group_that_it_depends_on_are_ready()
    {
        using var first = new WorkerScript("""
            #!/bin/sh
            echo "first process $$ waits" >> "$0.log"
            while [ ! -e "$0.go" ]; do sleep 0.05; done
            echo "first process $$ goes on" >> "$0.log"
            exec dotnet "$@"

            """);
        using var second = new WorkerScript($"""
            #!/bin/sh
            echo "second process $$ starts" >> "{first.FilePath}.log"
            exec dotnet "$@"

            """);
        string log = first.FilePath + ".log";
        string app = ClusterProcess.AppPath("Ipc.Hosting.TestApp");
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                app,
                "--Ipc:Groups:a:Count=1", $"--Ipc:Groups:a:Program={second.FilePath}", $"--Ipc:Groups:a:Arguments:0={app}", "--Ipc:Groups:a:DependsOn:0=b",
                "--Ipc:Groups:b:Count=1", $"--Ipc:Groups:b:Program={first.FilePath}", $"--Ipc:Groups:b:Arguments:0={app}",
            ]);
        await ClusterProcess.UntilAsync(() => File.Exists(log), "the first group's worker has started");
        await File.WriteAllTextAsync(first.FilePath + ".go", "");

        Dictionary<string, int> workers = await cluster.WorkersAsync();

        Assert.Equal(
            [$"first process {workers["b/0"]} waits", $"first process {workers["b/0"]} goes on", $"second process {workers["a/0"]} starts"],
            await File.ReadAllLinesAsync(log));
        Assert.NotEqual(workers["a/0"], workers["b/0"]);
    }

    [Fact]
    public async Task Where_a_group_has_no_worker_left_those_that_depend_on_it_are_not_started_and_the_report_says_so()
    {
        using var script = new WorkerScript("#!/bin/sh\necho 'no database' >&2\nexit 3\n");
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"),
                "--Ipc:Workers:Count=2", "--Ipc:Workers:DependsOn:0=db",
                "--Ipc:Groups:db:Count=1", $"--Ipc:Groups:db:Program={script.FilePath}", "--Ipc:Groups:db:Restart:Limit=1",
            ]);

        Assert.Equal(1, await cluster.ExitAsync());

        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("no worker left: each has", StringComparison.Ordinal));
        Assert.Matches("Of the group \"db\", 1 of 1 .* Worker 0 was started 2 times; what ended it began with this: process \\d+ exited with code 3, .*\"no database\"\\.", line);
        Assert.Contains("Worker 0 was not started: it depends on the group \"db\", which has no worker left.", line, StringComparison.Ordinal);
        Assert.DoesNotContain("worker process", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_is_still_waited_for_at_the_start_timeout_is_named_in_the_report()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"),
                "--Ipc:Workers:Count=1", "--Ipc:Workers:DependsOn:0=db",
                "--Ipc:Groups:db:Count=1", "--Ipc:Groups:db:Program=/bin/sleep", "--Ipc:Groups:db:Arguments:0=60",
                "--Ipc:StartTimeout=00:00:03", "--Ipc:StopTimeout=00:00:00",
            ]);

        Assert.Equal(1, await cluster.ExitAsync());

        Assert.Contains("Worker 0 was not started yet: its group waits for db (Ipc:Workers:DependsOn).", cluster.Output, StringComparison.Ordinal);
    }
}
