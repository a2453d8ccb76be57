using Xunit;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>What listeners to the life of workers hear, from real processes.</summary>
public sealed class WorkerEventProcessTests
{
    private const int SigKill = 9;

    [Fact]
    public async Task The_supervisor_hears_how_each_worker_ends_with_what_it_ran_lost_and_left_and_a_worker_hears_of_itself()
    {
        string folder = Directory.CreateTempSubdirectory("100%p").FullName;
        string file = Path.Combine(folder, "lines");
        string marker = Path.Combine(folder, "marker");
        await using ClusterProcess cluster = await ClusterProcess.StartAsync(
            "--Ipc:Workers:Count=1", "--Ipc:Workers:Restart:MinDelay=00:00:00", $"--Ipc:Workers:DumpFolder={Path.Combine(folder, "dumps")}", "events");
        int first = (await cluster.WorkersAsync())["worker/0"];
        Assert.NotEqual(cluster.ProcessId, first);
        await Hears(cluster, $"supervisor hears WORKER.START worker/0#1 pid={first}");
        await Hears(cluster, $"supervisor hears WORKER.READY worker/0#1 pid={first}");
        await Hears(cluster, $"worker/0#1 hears WORKER.START worker/0#1 pid={first}");
        await Hears(cluster, $"worker/0#1 hears WORKER.READY worker/0#1 pid={first}");

        await cluster.CommandAsync($"append 0 {file} 1 2 600000"); // one runs, one waits behind it
        Task<string> asked = cluster.CommandAsync($"sleep 0 600000 {marker}");
        await ClusterProcess.UntilAsync(() => File.Exists(file) && File.Exists(marker), "both listeners run");
        ClusterProcess.Signal(first, SigKill);

        await Hears(
            cluster,
            $"supervisor hears WORKER.EXIT worker/0#1 pid={first} code=137 signal=9 asked=False ready=True ran=True running=[app.append, app.sleep] lost=[app.append] outcome=Restarted again=False dump= reason=was ended by SIGKILL");
        await cluster.WaitForLineAsync(l => l.Contains($"Worker worker/0#1 has ended: process {first} was ended by SIGKILL", StringComparison.Ordinal)
            && l.Contains(" while it ran app.append, app.sleep; lost with it: app.append. It is", StringComparison.Ordinal));
        await Assert.ThrowsAsync<InvalidOperationException>(() => asked); // PeerGone
        int second = (await cluster.WorkersAsync())["worker/0"];
        await Hears(cluster, $"supervisor hears WORKER.READY worker/0#2 pid={second}");
        await ClusterProcess.UntilAsync(() => File.ReadAllLines(file).Length == 2, "the successor runs what waited");

        await cluster.CommandAsync("end 0 throw");

        string dump = Path.Combine(folder, "dumps", $"worker-0-2-{second}.dmp");
        await Hears(
            cluster,
            $"supervisor hears WORKER.EXIT worker/0#2 pid={second} code=134 signal=6 asked=False ready=True ran=True running=[app.append, app.end] lost=[app.append, app.end] outcome=Restarted again=False dump={dump} reason=was ended by SIGABRT");
        Assert.NotEqual(0, new FileInfo(dump).Length);

        int third = (await cluster.WorkersAsync())["worker/0"];
        await cluster.CommandAsync("stop");

        Assert.Equal(0, await cluster.ExitAsync());
        await Hears(cluster, $"supervisor hears WORKER.STOP worker/0#3 pid={third} timeout=00:00:30");
        await Hears(cluster, $"worker/0#3 hears WORKER.STOP worker/0#3 pid={third} timeout=00:00:30");
        await Hears(cluster, $"supervisor hears WORKER.EXIT worker/0#3 pid={third} code=0 signal= asked=True ready=True ran=True running=[] lost=[] outcome=Stopped again=False dump= reason=exited with code 0");
        Assert.DoesNotContain("worker/0#3 hears WORKER.EXIT", cluster.Output, StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    private static Task<string> Hears(ClusterProcess cluster, string what) => cluster.WaitForLineAsync(l => l.Contains(what, StringComparison.Ordinal));
}
