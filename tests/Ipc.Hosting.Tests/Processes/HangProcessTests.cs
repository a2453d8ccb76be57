using System.Diagnostics;
using System.Text;
using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>A worker that hangs, as a real process, beside some that do not.</summary>
public sealed class HangProcessTests
{
    private const int SigCont = 18;

    [Fact]
    public async Task A_listener_that_never_returns_is_found_and_its_worker_replaced_while_one_that_awaits_and_one_that_is_stopped_are_left_alone()
    {
        const int Backlog = 200;
        var timeout = TimeSpan.FromSeconds(2);
        string folder = Directory.CreateTempSubdirectory().FullName;
        string file = Path.Combine(folder, "lines");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=3", $"--Ipc:Workers:HangTimeout={timeout}", $"--Ipc:Workers:DumpFolder={folder}", "events");
        Dictionary<string, int> workers = await cluster.WorkersAsync();
        int hanging = workers["worker/0"];
        Assert.Equal(4, workers.Values.Append(cluster.ProcessId).Distinct().Count());

        await ClusterProcess.SuspendAsync(workers["worker/2"]);
        var stopped = Stopwatch.StartNew();
        Task<string> awaiting = cluster.CommandAsync($"sleep 1 6000 {Path.Combine(folder, "marker")}"); // three times the timeout
        await cluster.CommandAsync($"spin 0 {file} {Backlog}");

        string hung = await cluster.WaitForLineAsync(l => l.Contains("supervisor hears WORKER.HUNG", StringComparison.Ordinal));

        string dump = Path.Combine(folder, $"worker-0-1-{hanging}.dmp");
        Assert.Contains(
            $"worker/0#1 pid={hanging} cause=ListenerBlocked running=[app.spin] waiting={Backlog} dump={dump} reason=a listener to \"app.spin\" has not come to an await or to its end for ", hung, StringComparison.Ordinal);
        Assert.True(File.ReadAllBytes(dump).AsSpan().IndexOf(Encoding.UTF8.GetBytes("SpinListener")) >= 0, "the dump names the listener");
        await cluster.WaitForLineAsync(l => l.Contains($"hears WORKER.EXIT worker/0#1 pid={hanging} code=137 signal=9 asked=False", StringComparison.Ordinal)
            && l.Contains("was ended by SIGKILL by the supervisor, because it hung: a listener to \"app.spin\" has not come to an await or to its end for ", StringComparison.Ordinal));
        await ClusterProcess.UntilAsync(() => File.Exists(file) && File.ReadAllLines(file).Length == Backlog, "the successor has handled all that waited");
        Assert.Equal(Enumerable.Range(0, Backlog).Select(i => $"{i}"), File.ReadAllLines(file));

        Assert.Equal("slept", await awaiting);
        await ClusterProcess.UntilAsync(() => stopped.Elapsed > 3 * timeout, "it was stopped for three times the timeout");
        ClusterProcess.Signal(workers["worker/2"], SigCont);
        Dictionary<string, int> after = await cluster.WorkersAsync();
        Assert.NotEqual(hanging, after["worker/0"]);
        Assert.Equal((workers["worker/1"], workers["worker/2"]), (after["worker/1"], after["worker/2"]));
        Assert.Equal(1, cluster.Output.Split("hears WORKER.HUNG").Length - 1);

        await cluster.CommandAsync("spin-behind-an-await 1");
        await cluster.WaitForLineAsync(l => l.Contains($"hears WORKER.HUNG worker/1#1 pid={workers["worker/1"]} cause=ListenerBlocked running=[app.spin] waiting=0", StringComparison.Ordinal));
        Assert.StartsWith("worker/1#2 ", await cluster.CommandAsync("ask 1"), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }
}
