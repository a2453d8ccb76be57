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
    public async Task A_worker_that_is_to_say_itself_that_it_is_ready_is_waited_for_until_it_has_and_so_is_its_successor()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "events", $"--ready-when={file}", "--Ipc:Workers:Count=1", "--Ipc:Workers:DependsOn:0=cache",
                "--Ipc:Groups:cache:Count=1", "--Ipc:Groups:cache:WaitForReady=true", "--Ipc:Groups:cache:Reload:Probation=00:00:00",
            ]);
        await cluster.WaitForLineAsync(l => l.EndsWith("cache/0#1 has started", StringComparison.Ordinal));
        Assert.DoesNotContain("WORKER.READY", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("WORKER.START worker/0#1", cluster.Output, StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, "");
        Dictionary<string, int> workers = await cluster.WorkersAsync();

        string output = cluster.Output;
        Assert.InRange(output.IndexOf("cache/0#1 says that it is ready", StringComparison.Ordinal), 0, output.IndexOf("WORKER.START worker/0#1", StringComparison.Ordinal));
        Assert.NotEqual(workers["cache/0"], workers["worker/0"]);
        await cluster.WaitForLineAsync(l => l.Contains("cache/0#1 hears WORKER.READY cache/0#1 ", StringComparison.Ordinal));

        File.Delete(file);
        Task<string> reload = cluster.CommandAsync("reload cache");
        await cluster.WaitForLineAsync(l => l.EndsWith("cache/0#2 has started", StringComparison.Ordinal));
        Assert.StartsWith("cache/0#1 ", await cluster.CommandAsync("ask cache/0"), StringComparison.Ordinal); // its successor does not take over before
        Assert.False(reload.IsCompleted);
        await File.WriteAllTextAsync(file, "");
        Assert.Equal("cache/0#2|", await reload);
        await cluster.WaitForLineAsync(l => l == "supervisor hears WORKER.RELOAD cache replaced=[cache/0#2] problem=");
        File.Delete(file);
    }

    [Fact]
    public async Task A_worker_that_never_says_that_it_is_ready_ends_the_start_and_one_sentence_names_the_option_and_the_method()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--ready-when=/no/such/file",
                "--Ipc:Groups:cache:Count=1", "--Ipc:Groups:cache:WaitForReady=true", "--Ipc:StartTimeout=00:00:06",
            ]);
        Assert.Equal(1, await cluster.ExitAsync());

        string line = Assert.Single(cluster.Output.Split('\n'), l => l.Contains("The cluster did not start", StringComparison.Ordinal)).Trim();
        Assert.Matches(
            "Worker 0 was started once; process \\d+ runs and has connected, but not all of its hosted services have started, or its code has not called "
            + "IWorkerReadiness\\.SetReady\\(\\), for which Ipc:Groups:cache:WaitForReady makes it wait\\.",
            line);
        Assert.Contains("cache/0#1 has started", cluster.Output, StringComparison.Ordinal);
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
