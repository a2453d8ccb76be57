using System.Diagnostics;
using Ipc.Hosting.Tests.Processes;
using Xunit;

namespace Ipc.Hosting.Tests.Systemd;

/// <summary>A real supervisor as a service of a systemd that the test plays.</summary>
public sealed class SystemdProcessTests
{
    private const int SigHup = 1;
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigCont = 18;
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(0.4);

    [Fact]
    public async Task A_supervisor_says_when_it_is_ready_how_it_is_that_it_lives_and_that_it_stops()
    {
        using var script = new WorkerScript("#!/bin/sh\nexit 3\n");
        using NotifySocket systemd = NotifySocket.Abstract();
        await using ClusterProcess cluster = Start(
            systemd,
            "--Ipc:Workers:Count=2",
            "--Ipc:Groups:bad:Count=1",
            $"--Ipc:Groups:bad:Program={script.FilePath}",
            "--Ipc:Groups:bad:Restart:Limit=0");
        await systemd.WaitForAsync(m => m.Contains("READY=1") && m.Contains("WATCHDOG=1"));

        string[] said = [.. systemd.Messages];
        Assert.Equal("STATUS=0 of 3 workers ready", said[0]);
        Assert.Equal("STATUS=2 of 3 workers ready, 1 quarantined", said.TakeWhile(m => m != "READY=1").Last());
        Assert.DoesNotContain("WATCHDOG=1", said.TakeWhile(m => m != "READY=1"));

        // What is said to the supervisor is not for its workers.
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        foreach (string variable in new[] { "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID" })
        {
            Assert.Contains(" variable= ", await cluster.CommandAsync($"who {variable}"), StringComparison.Ordinal);
        }

        ClusterProcess.Signal(workers["worker/1"], SigKill);
        await systemd.WaitForAsync(m => m.Contains("STATUS=1 of 3 workers ready, 1 quarantined"));
        await systemd.WaitForAsync(m => m.Count(s => s == "STATUS=2 of 3 workers ready, 1 quarantined") == 2);

        ClusterProcess.Signal(cluster.ProcessId, SigTerm);
        Assert.Equal(0, await cluster.ExitAsync());
        await systemd.WaitForAsync(m => m.Contains("STOPPING=1"));
        Assert.Single(systemd.Messages, "READY=1");
    }

    [Fact]
    public async Task A_worker_that_is_stopped_leaves_the_watchdog_unfed_until_it_goes_on_and_a_reload_is_said_when_it_begins_and_ends()
    {
        using var file = new LinesFile();
        using NotifySocket systemd = NotifySocket.Abstract();
        await using ClusterProcess cluster = Start(
            systemd, "--Ipc:Workers:Count=1", "--Ipc:Workers:HangTimeout=00:00:02", "--Ipc:Workers:Reload:Probation=00:00:00", "events");
        await systemd.WaitForAsync(m => m.Contains("READY=1") && m.Contains("WATCHDOG=1"));
        int worker = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, worker);

        await ClusterProcess.SuspendAsync(worker);
        await cluster.CommandAsync($"append 0 {file.Path} 0 1 0"); // it has something to do, so it is asked often
        await cluster.WaitForLineAsync(l => l.Contains(
            $"systemd's watchdog is not fed: worker/0#1 does not answer: its process {worker} is stopped or frozen.", StringComparison.Ordinal));
        await systemd.MarkAsync("it is stopped");
        var stopped = Stopwatch.StartNew();
        await ClusterProcess.UntilAsync(() => stopped.Elapsed > 2 * Watchdog, "systemd would have restarted the service");
        await systemd.MarkAsync("it goes on");
        ClusterProcess.Signal(worker, SigCont);
        await systemd.WaitForAsync(m => m.SkipWhile(s => s != "it goes on").Contains("WATCHDOG=1"));

        Assert.Equal(["it is stopped", "it goes on"], systemd.Messages.SkipWhile(m => m != "it is stopped").Take(2));
        await ClusterProcess.UntilAsync(() => file.Count == 1, "it handles what it was sent");
        Assert.Equal(worker, (await cluster.WorkersAsync())["worker/0"]);
        Assert.DoesNotContain("hears WORKER.HUNG", cluster.Output, StringComparison.Ordinal);

        await systemd.MarkAsync("reload");
        ClusterProcess.Signal(cluster.ProcessId, SigHup);
        await systemd.WaitForAsync(m => m.SkipWhile(s => s != "reload").Contains("READY=1"));

        string[] said = [.. systemd.Messages.SkipWhile(m => m != "reload").Skip(1).TakeWhile(m => m != "READY=1").Where(m => m != "WATCHDOG=1")];
        Assert.Matches("^RELOADING=1\nMONOTONIC_USEC=\\d+$", said[0]);
        Assert.All(said[1..], m => Assert.StartsWith("STATUS=", m, StringComparison.Ordinal));
        Assert.NotEqual(worker, (await cluster.WorkersAsync())["worker/0"]);
    }

    [Fact]
    public async Task A_cluster_that_does_not_start_is_never_ready()
    {
        using var script = new WorkerScript("#!/bin/sh\nexit 3\n");
        using NotifySocket systemd = NotifySocket.Abstract();
        await using ClusterProcess cluster = Start(
            systemd, "--Ipc:Groups:bad:Count=1", $"--Ipc:Groups:bad:Program={script.FilePath}", "--Ipc:Groups:bad:Restart:Limit=0");

        Assert.Equal(1, await cluster.ExitAsync());

        await systemd.WaitForAsync(m => m.Contains("STOPPING=1"));
        Assert.Contains("STATUS=0 of 1 workers ready, 1 quarantined", systemd.Messages);
        Assert.DoesNotContain("READY=1", systemd.Messages);
    }

    [Fact]
    public async Task A_cluster_in_one_process_says_it_too()
    {
        using NotifySocket systemd = NotifySocket.Abstract();
        await using ClusterProcess cluster = Start(systemd, "--Ipc:Mode=InProcess", "--Ipc:Workers:Count=1");

        await systemd.WaitForAsync(m => m.Contains("READY=1"));
        ClusterProcess.Signal(cluster.ProcessId, SigTerm);
        await cluster.ExitAsync();

        await systemd.WaitForAsync(m => m.SequenceEqual(["READY=1", "STOPPING=1"]));
    }

    private static ClusterProcess Start(NotifySocket systemd, params string[] arguments) => ClusterProcess.StartWithoutWaiting(
        "dotnet",
        [ClusterProcess.AppPath("Ipc.Hosting.TestApp"), .. arguments],
        info =>
        {
            info.Environment["NOTIFY_SOCKET"] = systemd.Name;
            info.Environment["WATCHDOG_USEC"] = $"{Watchdog.TotalMicroseconds}";
        });
}
