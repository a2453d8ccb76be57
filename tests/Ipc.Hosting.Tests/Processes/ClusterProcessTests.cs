using System.Diagnostics;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>The product as it really runs: a supervisor process and worker processes.</summary>
public sealed class ClusterProcessTests
{
    private const int SigInt = 2;
    private const int SigKill = 9;
    private const int SigTerm = 15;

    [Fact]
    public async Task Dotnet_App_dll_starts_real_workers_and_says_so_in_one_line()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=3");
        Dictionary<string, int> workers = await cluster.WorkersAsync();

        Assert.Equal(["worker/0", "worker/1", "worker/2"], workers.Keys.Order());
        Assert.Equal(4, workers.Values.Append(cluster.ProcessId).Distinct().Count());
        string line = await cluster.WaitForLineAsync(l => l.Contains("worker x3 pids ", StringComparison.Ordinal));
        Assert.Contains(", Ctrl+C stops", line, StringComparison.Ordinal);
        Assert.Contains(" MiB, ready in ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BeforeWorkers_runs_once_in_the_supervisor_before_the_first_worker()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");

        string output = cluster.Output;
        int before = output.IndexOf($"before workers in {cluster.ProcessId}", StringComparison.Ordinal);
        int first = output.IndexOf("worker process", StringComparison.Ordinal);
        Assert.InRange(before, 0, first);
        Assert.Equal(before, output.LastIndexOf("before workers in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_worker_knows_its_role_and_its_environment_no_longer_does()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "own-argument");

        string who = await cluster.CommandAsync("ask 0");

        Assert.StartsWith("worker/0#1 ", who, StringComparison.Ordinal);
        Assert.Contains($"parent={cluster.ProcessId} ", who, StringComparison.Ordinal);
        Assert.Contains("service=all ", who, StringComparison.Ordinal);
        Assert.Contains("role= ", who, StringComparison.Ordinal);
        Assert.EndsWith("own-argument", who, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_has_its_own_arguments_environment_folder_and_services()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1",
            "--Ipc:Groups:task:Count=1",
            "--Ipc:Groups:task:Arguments:0=for-task",
            "--Ipc:Groups:task:Environment:TASK_COLOUR=green",
            $"--Ipc:Groups:task:WorkingDirectory={folder}");

        string who = await cluster.CommandAsync("who TASK_COLOUR");

        string task = who.Split(" ; ").Single(w => w.StartsWith("task/0", StringComparison.Ordinal));
        Assert.Contains("service=task ", task, StringComparison.Ordinal);
        Assert.Contains("variable=green ", task, StringComparison.Ordinal);
        Assert.Contains($"folder={folder} ", task, StringComparison.Ordinal);
        Assert.EndsWith(",for-task", task, StringComparison.Ordinal);
        string worker = who.Split(" ; ").Single(w => w.StartsWith("worker/0", StringComparison.Ordinal));
        Assert.Contains("variable= ", worker, StringComparison.Ordinal);
        Directory.Delete(folder);
    }

    [Fact]
    public async Task A_worker_asks_another_worker_directly()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        Dictionary<string, int> workers = await cluster.WorkersAsync();

        string answer = await cluster.CommandAsync("relay 0 1");

        Assert.StartsWith($"worker/1#1 pid={workers["worker/1"]} ", answer, StringComparison.Ordinal);
        Assert.NotEqual(workers["worker/0"], workers["worker/1"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task Two_worker_processes_that_ask_each_other_in_a_circle_fail_at_once_and_go_on(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:RequestTimeout=00:02:00", option);
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.NotEqual(workers["worker/0"], workers["worker/1"]);

        // A command waits for a minute, and a request for two.
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("circle 0 1 0 1"));

        Assert.Contains(
            "A request cycle: worker/1#1 \"app.circle\" -> worker/0#1 \"app.circle\" -> worker/1#1 \"app.circle\".", error.Message, StringComparison.Ordinal);
        Assert.Equal($"reached {workers["worker/0"]}", await cluster.CommandAsync("circle 0 1 0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_killed_worker_is_started_again_with_the_next_incarnation_and_a_new_process(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", option);
        int before = (await cluster.WorkersAsync())["worker/1"];

        ClusterProcess.Signal(before, SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("worker/1#1", StringComparison.Ordinal) && l.Contains("SIGKILL", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("worker/1#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

        string who = await cluster.CommandAsync("ask 1");
        Assert.StartsWith("worker/1#2 ", who, StringComparison.Ordinal);
        Assert.DoesNotContain($"pid={before} ", who, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task While_a_worker_is_between_two_incarnations_Any_means_one_that_runs(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=2", "--Ipc:Workers:Restart:MinDelay=00:00:30", "--Ipc:Workers:Restart:MaxDelay=00:00:30", option); // it stays between them
        Dictionary<string, int> workers = await cluster.WorkersAsync();

        ClusterProcess.Signal(workers["worker/0"], SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#1", StringComparison.Ordinal) && l.Contains("SIGKILL", StringComparison.Ordinal));

        for (int i = 0; i < 4; i++)
        {
            Assert.StartsWith("worker/1#1 ", await cluster.CommandAsync("ask any"), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("worker/0#2", cluster.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_request_that_a_killed_worker_was_handling_fails_with_PeerGone(string option)
    {
        string marker = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", option);
        int worker = (await cluster.WorkersAsync())["worker/1"];
        Task<string> request = cluster.CommandAsync($"sleep 1 60000 {marker}");
        await ClusterProcess.UntilAsync(() => File.ReadAllText(marker).Contains("started", StringComparison.Ordinal), "the listener has started");

        ClusterProcess.Signal(worker, SigKill);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => request);
        Assert.StartsWith("PeerGone", error.Message, StringComparison.Ordinal);
        File.Delete(marker);
    }

    [Fact]
    public async Task What_a_killed_worker_had_not_started_is_handled_by_its_successor_in_order()
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync($"append 0 {file} 0 300 10");
        await ClusterProcess.UntilAsync(() => Lines(file).Length >= 5, "five lines");

        ClusterProcess.Signal(worker, SigKill);
        int written = Lines(file).Length;
        Assert.InRange(written, 5, 200);

        // At most the one whose listener was running is missing; none is doubled; the order holds.
        await ClusterProcess.UntilAsync(() => Lines(file).LastOrDefault() == "299", "the last of 300 lines");
        int[] seen = [.. Lines(file).Select(int.Parse)];
        Assert.Equal(seen.Order(), seen);
        Assert.Equal(seen.Distinct().Count(), seen.Length);
        Assert.InRange(seen.Length, 299, 300);
        Assert.DoesNotContain($"pid={worker} ", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Theory]
    [InlineData("", SigTerm)]
    [InlineData("", SigKill)]
    [InlineData("--Ipc:SharedMemoryLimit=0", SigTerm)]
    [InlineData("--Ipc:SharedMemoryLimit=0", SigKill)]
    public async Task A_worker_that_asked_itself_ends_without_harm_to_the_supervisor(string option, int signal)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.StartsWith("worker/0#1 ", await cluster.CommandAsync("relay 0 0"), StringComparison.Ordinal);

        ClusterProcess.Signal(worker, signal);
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

        Assert.StartsWith("worker/0#2 ", await cluster.CommandAsync("relay 0 0"), StringComparison.Ordinal);
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);
        Assert.Equal(0, await cluster.ExitAsync());
    }

    [Fact]
    public async Task When_the_supervisor_is_killed_every_worker_is_gone_within_a_second()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=3");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Assert.All(workers.Values, pid => Assert.True(ClusterProcess.IsAlive(pid)));

        ClusterProcess.Signal(cluster.ProcessId, SigKill);

        await ClusterProcess.UntilAsync(() => !workers.Values.Any(ClusterProcess.IsAlive), "all workers gone", TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_stop_lets_running_listeners_finish_and_ends_with_exit_code_0()
    {
        string marker = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Task<string> request = cluster.CommandAsync($"sleep 1 1000 {marker}");
        await ClusterProcess.UntilAsync(() => File.ReadAllText(marker).Contains("started", StringComparison.Ordinal), "the listener has started");

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Contains("finished", await File.ReadAllTextAsync(marker), StringComparison.Ordinal);
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
        Assert.Equal("slept", await request);
        File.Delete(marker);
    }

    [Theory]
    [InlineData("--Ipc:SharedMemoryLimit=1073741824")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_stop_under_a_flood_handles_every_message_that_was_accepted_refuses_what_comes_later_and_is_over_long_before_the_deadline(string option)
    {
        using var files = new LoadFiles(2);
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:StopTimeout=00:01:00", option);
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        await cluster.CommandAsync($"load worker 2 {files.Prefix}");
        await files.FlowAsync();

        var watch = Stopwatch.StartNew();
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(50), $"the stop took {watch.Elapsed}, nearly all of Ipc:StopTimeout");
        string line = await cluster.WaitForLineAsync(l => l.StartsWith("load ended: ", StringComparison.Ordinal));
        files.AssertHandled(line["load ended: ".Length..], "[1-9]\\d* (PeerGone|NotRunning): .*");
        Assert.DoesNotContain("were lost", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
    }

    [Fact]
    public async Task A_listener_that_does_not_finish_gets_its_token_signalled_at_the_deadline()
    {
        string marker = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:StopTimeout=00:00:01");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        _ = cluster.CommandAsync($"sleep 0 60000 {marker}");
        await ClusterProcess.UntilAsync(() => File.ReadAllText(marker).Contains("started", StringComparison.Ordinal), "the listener has started");

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
        Assert.Contains("cancelled", await File.ReadAllTextAsync(marker), StringComparison.Ordinal);
        File.Delete(marker);
    }

    [Fact]
    public async Task A_service_of_the_supervisor_that_does_not_end_takes_no_time_from_the_workers()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:StopTimeout=00:00:01", "--shutdownTimeoutSeconds=1", "stuck");

        ClusterProcess.Signal(cluster.ProcessId, 15);
        await cluster.ExitAsync();

        Assert.DoesNotContain("was killed", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_does_not_stop_is_killed_at_the_deadline()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:StopTimeout=00:00:01");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        await ClusterProcess.SuspendAsync(workers["worker/1"]);

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
        Assert.Contains($"(pid {workers["worker/1"]}) had not stopped", cluster.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SigInt)]
    [InlineData(SigTerm)]
    public async Task Told_to_stop_twice_the_supervisor_does_not_wait_for_listeners_and_ends_with_exit_code_0(int signal)
    {
        string marker = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:StopTimeout=00:10:00");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        Task request = cluster.CommandAsync($"sleep 1 3600000 {marker}");
        await ClusterProcess.UntilAsync(() => File.ReadAllText(marker).Contains("started", StringComparison.Ordinal), "the listener has started");
        ClusterProcess.Signal(cluster.ProcessId, signal);
        await ClusterProcess.UntilAsync(() => !ClusterProcess.IsAlive(workers["worker/0"]), "the idle worker has stopped");
        Assert.True(ClusterProcess.IsAlive(workers["worker/1"]));

        ClusterProcess.Signal(cluster.ProcessId, signal);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Contains("Told to stop once more", cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(workers.Values, ClusterProcess.IsAlive);
        Assert.DoesNotContain("finished", await File.ReadAllTextAsync(marker), StringComparison.Ordinal);
        _ = request.Exception;
        File.Delete(marker);
    }

    [Fact]
    public async Task A_process_that_has_not_joined_the_cluster_gets_SIGTERM_at_the_deadline_before_it_is_killed()
    {
        using var script = new WorkerScript("#!/bin/sh\ntrap 'echo terminated > \"$0.end\"; exit 0' TERM\n: > \"$0.ready\"\nwhile :; do sleep 0.05; done\n");
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet",
            [
                ClusterProcess.AppPath("Ipc.Hosting.TestApp"),
                "--Ipc:Groups:native:Count=1", $"--Ipc:Groups:native:Program={script.FilePath}", "--Ipc:StopTimeout=00:00:01",
            ]);
        await ClusterProcess.UntilAsync(() => File.Exists(script.FilePath + ".ready"), "the process runs");

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.Equal("terminated\n", await File.ReadAllTextAsync(script.FilePath + ".end"));
        Assert.DoesNotContain("was killed", cluster.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("--Ipc:SharedMemoryLimit=0", 3)]
    public async Task What_a_killed_worker_loses_is_said_once_in_the_log(string option, int lost)
    {
        string file = Path.GetTempFileName();
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        int worker = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync($"append 0 {file} 0 3 3000");
        await ClusterProcess.UntilAsync(() => Lines(file).Length == 1, "the first of three is running");

        ClusterProcess.Signal(worker, SigKill);
        await cluster.WaitForLineAsync(l => l.Contains($"Messages for worker/0#1 were lost: {lost} ", StringComparison.Ordinal));
        await cluster.WaitForLineAsync(l => l.Contains("worker/0#2", StringComparison.Ordinal) && l.Contains("is ready", StringComparison.Ordinal));

        Assert.Single(cluster.Output.Split('\n'), l => l.Contains("were lost", StringComparison.Ordinal));
        File.Delete(file);
    }

    [Fact]
    public async Task A_stop_while_the_workers_start_for_the_first_time_is_an_orderly_one()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=2"]);
        await cluster.WaitForLineAsync(l => l.Contains("worker process ", StringComparison.Ordinal));

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.DoesNotContain("Unhandled exception", cluster.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_while_a_worker_is_starting_again_is_not_lost()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1");
        int first = (await cluster.WorkersAsync())["worker/0"];
        ClusterProcess.Signal(first, SigKill);
        await cluster.WaitForLineAsync(l => l.Contains("worker process ", StringComparison.Ordinal) && !l.EndsWith($" {first}", StringComparison.Ordinal));

        var watch = Stopwatch.StartNew();
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);

        Assert.Equal(0, await cluster.ExitAsync());
        Assert.DoesNotContain("had not stopped", cluster.Output, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(25), $"the stop took {watch.Elapsed}, nearly all of Ipc:StopTimeout");
    }

    [Theory]
    [InlineData("", "blocked ipc rings")]
    [InlineData("filter", "blocked ipc rings")]
    [InlineData("--Ipc:SharedMemoryLimit=0", "blocked ")]
    public async Task A_listener_that_blocks_its_thread_does_not_stop_the_worker_from_receiving(string option, string answer)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);
        Task<string> blocked = cluster.CommandAsync("block 0 3000");

        for (int i = 0; i < 10; i++)
        {
            Assert.StartsWith("worker/0#1", await cluster.CommandAsync("ask 0"), StringComparison.Ordinal);
        }

        Assert.False(blocked.IsCompleted);
        Assert.StartsWith(answer, await blocked, StringComparison.Ordinal); // over rings the listener ran on the reader's thread, which was relieved
    }

    [Theory]
    [InlineData("")]
    [InlineData("--Ipc:SharedMemoryLimit=0")]
    public async Task A_message_larger_than_a_ring_arrives_whole(string option)
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", option);

        Assert.Equal("5000000", await cluster.CommandAsync("big 0 5000000"));
    }

    [Fact]
    public async Task A_message_beyond_MaxMessageSize_is_refused_at_the_sender()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1", "--Ipc:MaxMessageSize=100000");

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.CommandAsync("big 0 200000"));

        Assert.StartsWith("MessageTooLarge", error.Message, StringComparison.Ordinal);
        Assert.Equal("1000", await cluster.CommandAsync("big 0 1000"));
    }

    [Fact]
    public async Task Pipes_carry_the_messages_when_shared_memory_is_switched_off_and_the_line_says_why()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=2", "--Ipc:SharedMemoryLimit=0");

        Assert.Equal(2, (await cluster.WorkersAsync()).Count);
        await cluster.WaitForLineAsync(l => l.Contains("worker x2 pids", StringComparison.Ordinal) && l.Contains("pipes (", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Diagnostics_files_of_a_killed_worker_are_removed()
    {
        await using ClusterProcess cluster = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1");
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEmpty(Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{worker}-*"));

        ClusterProcess.Signal(worker, SigKill);

        await ClusterProcess.UntilAsync(() => Directory.GetFiles(Path.GetTempPath(), $"*-{worker}-*").Length == 0, "no files of the killed worker");
    }

    [Fact]
    public async Task What_a_killed_supervisor_and_its_workers_left_is_removed_by_the_next_start_and_nobody_elses_is()
    {
        int[] killed;
        await using (ClusterProcess first = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1"))
        {
            killed = [first.ProcessId, (await first.WorkersAsync())["worker/0"]];
            ClusterProcess.Signal(first.ProcessId, SigKill);
            await ClusterProcess.UntilAsync(() => !killed.Any(ClusterProcess.IsAlive), "all are gone");
        }

        Assert.Contains(killed, pid => Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{pid}-*").Length > 0);

        await using ClusterProcess second = await ClusterProcess.StartAsync("--Ipc:Workers:Count=1");

        Assert.Equal([], killed.SelectMany(pid => Directory.GetFiles(Path.GetTempPath(), $"*-{pid}-*")));
        Assert.NotEmpty(Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{Environment.ProcessId}-*"));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_ends_the_start_and_says_where_it_was_looked_for()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Groups:native:Program=No.Such.Program"]);

        Assert.NotEqual(0, await cluster.ExitAsync());

        Assert.Contains("Ipc:Groups:native:Program is \"No.Such.Program\"", cluster.Output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine("workers", "native"), cluster.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("before workers", cluster.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_group_runs_another_program_found_under_workers_or_by_its_full_path(bool isPublished)
    {
        using var worker = new PublishedWorker();
        string program = isPublished ? "Ipc.Hosting.NativeWorker" : PublishedWorker.Original;
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1",
            $"--Ipc:Groups:{worker.Group}:Count=1",
            $"--Ipc:Groups:{worker.Group}:Program={program}",
            $"--Ipc:Groups:{worker.Group}:Arguments:0=one");

        string who = await cluster.CommandAsync($"ask {worker.Group}/0");

        Assert.StartsWith($"{worker.Group}/0#1 ", who, StringComparison.Ordinal);
        Assert.Contains("service=another program ", who, StringComparison.Ordinal);
        Assert.EndsWith("arguments=one", who, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_program_that_is_started_by_hand_says_how_to_start_it()
    {
        using var published = new PublishedWorker();
        await using ClusterProcess worker = ClusterProcess.StartWithoutWaiting("dotnet", [Path.Combine(published.Folder, "Ipc.Hosting.NativeWorker.dll")]);

        Assert.NotEqual(0, await worker.ExitAsync());

        Assert.Contains($"worker program of the group \"{published.Group}\" of Ipc.Hosting.TestApp", worker.Output, StringComparison.Ordinal);
        Assert.Contains("Start Ipc.Hosting.TestApp", worker.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Under_dotnet_watch_one_warning_says_that_workers_keep_the_old_code()
    {
        await using ClusterProcess cluster = ClusterProcess.StartWithoutWaiting(
            "dotnet", [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), "--Ipc:Workers:Count=1"], info => info.Environment["DOTNET_WATCH"] = "1");
        await cluster.WaitForLineAsync(l => l.EndsWith("is ready", StringComparison.Ordinal) && l.StartsWith("supervisor", StringComparison.Ordinal));

        Assert.Single(cluster.Output.Split('\n'), l => l.Contains("dotnet watch", StringComparison.Ordinal));
    }

    private static string[] Lines(string file) => File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
