using System.Globalization;
using System.Text.RegularExpressions;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>Workers that are replaced, added and taken away while messages flow, as real processes.</summary>
public sealed class ReloadTests
{
    private const int SigHup = 1;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private const int SigTtin = 21;
    private const int SigTtou = 22;
    private const string ShortProbation = "--Ipc:Workers:Reload:Probation=00:00:00.2";

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_reload_under_full_load_replaces_every_process_and_loses_no_message_fails_no_request_and_keeps_the_order(string option)
    {
        using var files = new LoadFiles(2);
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", ShortProbation, option);
        Dictionary<string, int> before = await cluster.WorkersAsync();
        await cluster.CommandAsync($"load worker 2 {files.Prefix}");
        await files.FlowAsync();

        Assert.Equal("worker/0#2 worker/1#2|", await cluster.CommandAsync("reload worker"));

        await files.FlowAsync();
        files.AssertHandled(await cluster.CommandAsync("unload"));
        Dictionary<string, int> after = await cluster.WorkersAsync();
        Assert.Equal(["worker/0", "worker/1"], after.Keys.Order());
        Assert.Empty(before.Values.Intersect(after.Values));
        Assert.All(before.Values, process => Assert.False(ClusterProcess.IsAlive(process)));
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SIGHUP_reloads_and_picks_up_a_program_that_has_changed_and_one_that_fails_changes_nothing()
    {
        using var script = new WorkerScript("#!/bin/sh\nexec dotnet \"$@\"\n");
        string app = ClusterProcess.AppPath("Ipc.Hosting.TestApp");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", ShortProbation, $"--Ipc:Workers:Program={script.FilePath}", $"--Ipc:Workers:Arguments:0={app}");
        await File.WriteAllTextAsync(script.FilePath, "#!/bin/sh\nCOLOUR=green exec dotnet \"$@\"\n");
        ClusterProcess.Signal(cluster.ProcessId, SigHup);
        await cluster.WaitForLineAsync(l => l.Contains("worker was reloaded; workers replaced: 2.", StringComparison.Ordinal));
        string who = await cluster.CommandAsync("who COLOUR");
        Assert.Equal(2, who.Split("green").Length - 1);
        await File.WriteAllTextAsync(script.FilePath, "#!/bin/sh\necho 'the new version is broken' >&2\nexit 3\n");

        string result = await cluster.CommandAsync("reload worker");

        Assert.Matches(
            "^\\|Worker worker/0 was not replaced: its successor ended before it took over: process \\d+ exited with code 3, and its last line on standard error was \"the new version is broken\"$",
            result);
        Assert.Equal(who, await cluster.CommandAsync("who COLOUR"));
    }

    [Fact]
    public async Task When_the_worker_crashes_while_its_successor_starts_the_successor_takes_over_and_nothing_that_waited_is_lost()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:Workers:Reload:Probation=00:01:00");
        int first = (await cluster.WorkersAsync())["worker/0"];
        Task<string> reload = cluster.CommandAsync("reload worker");
        await cluster.WaitForLineAsync(l => l.Contains("worker process ", StringComparison.Ordinal) && !l.EndsWith($" {first}", StringComparison.Ordinal));
        await ClusterProcess.SuspendAsync(first); // what is sent now waits
        await cluster.CommandAsync($"append 0 {file.Path} 0 50 0");

        ClusterProcess.Signal(first, SigKill);

        Assert.StartsWith("worker/0#2 ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        await ClusterProcess.UntilAsync(() => file.Count == 50, "what waited is handled");
        Assert.Equal(Enumerable.Range(0, 50), file.Numbers());
        Assert.NotNull(reload);
    }

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task Scaling_up_adds_workers_and_scaling_down_under_load_works_off_what_was_accepted(string option)
    {
        using var files = new LoadFiles(1);
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        await cluster.CommandAsync($"load worker 1 {files.Prefix}");
        await cluster.CommandAsync("scale worker 3");
        Assert.Equal(3, (await cluster.WorkersAsync()).Values.Distinct().Count());
        string[] sent = [.. Enumerable.Range(1, 2).Select(w => $"append {w} {files.Prefix}{w} 0 400 1")];
        await Task.WhenAll(sent.Select(cluster.CommandAsync));

        await cluster.CommandAsync("scale worker 1");

        Assert.All([1, 2], worker => Assert.Equal(Enumerable.Range(0, 400).Select(n => $"{n}"), File.ReadAllLines($"{files.Prefix}{worker}")));
        Assert.Equal(["worker/0"], (await cluster.WorkersAsync()).Keys);
        Exception error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("ask 2"));
        Assert.StartsWith("PeerGone There is no worker in worker/2 any more", error.Message, StringComparison.Ordinal);
        files.AssertHandled(await cluster.CommandAsync("unload")); // no request to any worker failed either
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
        ClusterProcess.Signal(cluster.ProcessId, SigTtin);
        await cluster.WaitForLineAsync(l => l.EndsWith("worker is scaled from 1 to 2 workers.", StringComparison.Ordinal));
        Assert.StartsWith("worker/1#2 ", await AskWhenThereAsync(cluster, "ask 1"), StringComparison.Ordinal);
        ClusterProcess.Signal(cluster.ProcessId, SigTtou);
        await cluster.WaitForLineAsync(l => l.EndsWith("worker is scaled from 2 to 1 workers.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_standby_takes_the_id_and_the_inbox_of_a_killed_worker_over_and_another_one_is_started(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", "--Ipc:Workers:Standby=1", "--Ipc:Workers:Restart:MinDelay=00:00:20", option);
        for (int incarnation = 1; incarnation <= 2; incarnation++)
        {
            await cluster.WaitForLineAsync(l => l.Contains($"Standby worker/standby#{incarnation} ", StringComparison.Ordinal) && l.Contains("is prepared", StringComparison.Ordinal));
            Dictionary<string, int> before = await cluster.WorkersAsync();

            ClusterProcess.Signal(before["worker/0"], SigKill);

            string line = await cluster.WaitForLineAsync(l => l.Contains($"Worker worker/0#{incarnation} has ended: ", StringComparison.Ordinal));
            Assert.Matches("was ended by SIGKILL.*\\. Process \\d+ has taken over\\.$", line);
            Assert.StartsWith($"worker/0#{incarnation + 1} ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal); // long before the delay of a restart is over
            Dictionary<string, int> after = await cluster.WorkersAsync();
            Assert.DoesNotContain(after["worker/0"], before.Values);
            Assert.Equal(before["worker/1"], after["worker/1"]);
        }
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_reload_handles_what_waits_for_the_successors()
    {
        using var goesOn = new LinesFile();
        using var dies = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", "--Ipc:Workers:Reload:Probation=00:00:00", "--Ipc:Workers:Reload:Concurrency=2", "events");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.Equal(3, workers.Values.Append(cluster.ProcessId).Distinct().Count());
        foreach (int worker in workers.Values)
        {
            await ClusterProcess.SuspendAsync(worker); // they are asked to make place, and do not come to it
        }

        Task<string> reload = cluster.CommandAsync("reload worker");
        await HearsStopAsync(cluster, workers, times: 1);
        await cluster.CommandAsync($"append 0 {goesOn.Path} 0 50 0");
        await cluster.CommandAsync($"append 1 {dies.Path} 0 50 0");
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);
        await HearsStopAsync(cluster, workers, times: 2);
        ClusterProcess.Signal(workers["worker/0"], SigCont);
        ClusterProcess.Signal(workers["worker/1"], SigKill);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Equal(Enumerable.Range(0, 50), goesOn.Numbers());
        Assert.Equal(Enumerable.Range(0, 50), dies.Numbers());
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
        foreach (string worker in workers.Keys)
        {
            Assert.Matches($"hears WORKER\\.EXIT {worker}#1 pid={workers[worker]} .* outcome=TakenOver ", cluster.Output);
            Assert.Matches($"hears WORKER\\.EXIT {worker}#2 .* code=0 signal= asked=True .* outcome=Stopped ", cluster.Output);
            Assert.Matches($"{worker}#2 hears WORKER\\.STOP {worker}#2 pid=\\d+ timeout=00:00:2", cluster.Output); // what is left of the 30 s
        }

        Assert.NotNull(reload);
    }

    [Fact]
    public async Task A_standby_that_is_killed_while_it_takes_over_costs_nothing_that_waits_and_the_next_one_takes_over()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:Workers:Standby=2", "events");
        int first = (await cluster.WorkersAsync())["worker/0"];
        int second = await StandbyAsync(cluster, 1);
        int third = await StandbyAsync(cluster, 2);
        Assert.Equal(4, new[] { cluster.ProcessId, first, second, third }.Distinct().Count());
        await ClusterProcess.SuspendAsync(first); // what is sent now waits
        await ClusterProcess.SuspendAsync(second); // it gets the worker id, and comes to nothing
        await cluster.CommandAsync($"append 0 {file.Path} 0 50 0");

        ClusterProcess.Signal(first, SigKill);
        await cluster.WaitForLineAsync(l => l.EndsWith($"Process {second} has taken over.", StringComparison.Ordinal));
        ClusterProcess.Signal(second, SigKill);

        await cluster.WaitForLineAsync(l => l.Contains($"hears WORKER.EXIT worker/0#2 pid={second} code=137 signal=9 asked=False ", StringComparison.Ordinal)
            && l.Contains(" running=[] lost=[] outcome=TakenOver ", StringComparison.Ordinal));
        await ClusterProcess.UntilAsync(() => file.Count == 50, "what waited is handled");
        Assert.StartsWith($"worker/0#3 pid={third} ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);

        // And both at once, whatever the supervisor hears of first.
        int fourth = await StandbyAsync(cluster, 3);
        await ClusterProcess.SuspendAsync(third);
        await cluster.CommandAsync($"append 0 {file.Path} 50 50 0");
        ClusterProcess.Signal(fourth, SigKill);
        ClusterProcess.Signal(third, SigKill);

        await cluster.WaitForLineAsync(l => l.Contains("hears WORKER.EXIT ", StringComparison.Ordinal) && l.Contains($" pid={fourth} ", StringComparison.Ordinal));
        await ClusterProcess.UntilAsync(() => file.Count == 100, "what waited is handled");
        Assert.Equal(Enumerable.Range(0, 100), file.Numbers());
        Assert.DoesNotContain((await cluster.WorkersAsync())["worker/0"], new[] { first, second, third, fourth });
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task Workers_that_have_handled_enough_are_recycled_under_load_one_at_a_time_and_nothing_is_lost(string option)
    {
        using var files = new LoadFiles(2);
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", ShortProbation, "--Ipc:Workers:Recycle:AfterMessages=200", "--Ipc:Workers:Recycle:Patience=00:00:01", option);
        Dictionary<string, int> before = await cluster.WorkersAsync();
        await cluster.CommandAsync($"load worker 2 {files.Prefix}");

        await cluster.WaitForLineAsync(l => l.Contains("Worker worker/0#2 (pid ", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("Worker worker/1#2 (pid ", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

        files.AssertHandled(await cluster.CommandAsync("unload"));
        await cluster.WaitForLineAsync(l => Regex.IsMatch(l, $"Worker worker/0#1 \\(pid {before["worker/0"]}\\) is recycled: it has handled 2[012]\\d messages\\.$"));
        Assert.Empty(before.Values.Intersect((await cluster.WorkersAsync()).Values));
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_has_grown_too_large_is_recycled()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1", ShortProbation, "--Ipc:Workers:Recycle:AboveMemory=300000000", "--Ipc:Workers:Recycle:Jitter=0");
        int first = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync("grow 0 400000000");

        string line = await cluster.WaitForLineAsync(l => l.Contains("is recycled: it holds ", StringComparison.Ordinal));

        Assert.Contains($"Worker worker/0#1 (pid {first}) ", line, StringComparison.Ordinal);
        await cluster.WaitForLineAsync(l => l.Contains("Worker worker/0#2 (pid ", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));
        Assert.NotEqual(first, (await cluster.WorkersAsync())["worker/0"]);
    }

    [Fact]
    public async Task A_standby_reads_on_where_a_worker_dies_over_its_inbox_in_a_stop()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:Workers:Standby=1", "--Ipc:MaxPendingMessages=16", "events");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        int standby = await StandbyAsync(cluster, 1);
        Assert.Equal(3, new[] { cluster.ProcessId, worker, standby }.Distinct().Count());
        await cluster.CommandAsync($"append 0 {file.Path} 0 1 600000");
        await ClusterProcess.UntilAsync(() => file.Count == 1, "its listener runs");
        await cluster.CommandAsync($"append 0 {file.Path} 1 100 0");

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#1 hears WORKER.STOP", StringComparison.Ordinal));
        ClusterProcess.Signal(worker, SigKill);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Equal(Enumerable.Range(0, 101), file.Numbers());
        Assert.Matches($"hears WORKER\\.EXIT worker/0#1 pid={worker} .* lost=\\[app\\.append\\] outcome=TakenOver ", cluster.Output);
        Assert.Matches($"hears WORKER\\.EXIT worker/0#2 pid={standby} code=0 signal= .* lost=\\[\\] outcome=Stopped ", cluster.Output);
        Assert.Equal(1, cluster.Output.Split(" were lost: ").Length - 1); // what ran
    }

    [Fact]
    public async Task Where_supervisor_and_worker_are_sent_SIGTERM_together_the_worker_reads_its_inbox_to_the_end()
    {
        using var file = new LinesFile();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:MaxPendingMessages=16", "events");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, worker);
        await cluster.CommandAsync($"append 0 {file.Path} 0 1 1000");
        await ClusterProcess.UntilAsync(() => file.Count == 1, "its listener runs");
        await cluster.CommandAsync($"append 0 {file.Path} 1 500 0");

        ClusterProcess.Signal(worker, SigTerm);
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Equal(Enumerable.Range(0, 501), file.Numbers());
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
    }

    /// <summary>Waits until each worker was asked to stop so often: to make place for its successor, and for the stop.</summary>
    private static Task HearsStopAsync(ClusterProcess cluster, Dictionary<string, int> workers, int times) => ClusterProcess.UntilAsync(
        () => workers.All(w => cluster.Output.Split($"supervisor hears WORKER.STOP {w.Key}#1 ").Length > times), "they are asked to stop");

    /// <summary>Waits for a standby, and says which process it is.</summary>
    private static async Task<int> StandbyAsync(ClusterProcess cluster, int number)
    {
        var prepared = new Regex($"Standby worker/standby#{number} \\(pid (\\d+)\\) is prepared\\.$");
        return int.Parse(prepared.Match(await cluster.WaitForLineAsync(l => prepared.IsMatch(l))).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    /// <summary>A worker that is being added may not be known yet.</summary>
    private static async Task<string> AskWhenThereAsync(ClusterProcess cluster, string command)
    {
        string answer = "";
        for (int i = 0; answer.Length == 0; i++)
        {
            try
            {
                answer = await cluster.CommandAsync(command);
            }
            catch (InvalidOperationException e) when (i < 1000 && e.Message.StartsWith("PeerGone ", StringComparison.Ordinal))
            {
                await Task.Delay(10);
            }
        }

        return answer;
    }
}
