using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Api;

/// <summary>A supervisor and eight workers that have nothing to do, looked at from outside: asking them would be something to do.</summary>
internal sealed class IdleSession : IRowSession
{
    private const int Workers = 8;

    // What a process has run often is compiled again in the background, some tenths of a second later: the looking itself must be through with that.
    private const int FirstLooks = 8;
    private const int UntilThePoolSleeps = 1_500; // milliseconds
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(300);

    private readonly ApiCluster _cluster;
    private readonly int[] _processes;

    private IdleSession(ApiCluster cluster, int[] processes)
    {
        _cluster = cluster;
        _processes = processes;
    }

    public static async Task<IdleSession> StartAsync()
    {
        ApiCluster cluster = await ApiCluster.StartAsync(Workers, isPipe: false);
        int[] processes = new int[Workers];
        for (int id = 0; id < Workers; id++)
        {
            processes[id] = (await cluster.Sender.RequestAsync<AskWorker, WorkerState>(new AskWorker(false), Target.Worker(id))).ProcessId;
        }

        for (int look = 0; look < FirstLooks; look++)
        {
            _ = processes.Sum(process => ThreadTimes.Of(process).MicrosecondsSince());
            await Task.Delay(Settling);
        }

        return new IdleSession(cluster, processes);
    }

    /// <summary>On a thread that sleeps: a timer in this process, which is the supervisor, would wake threads of the pool, and those a third one for another second.</summary>
    public Task<Measurement> MeasureAsync(Cell cell) => Task.Factory.StartNew(
        () => Measure(cell), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private Measurement Measure(Cell cell)
    {
        Thread.Sleep(UntilThePoolSleeps);

        // This process last before and first after: its looking at the others is not the cluster's work.
        ThreadTimes[] workers = [.. _processes.Select(ThreadTimes.Of)];
        Usage supervisor = Usage.Now;
        Thread.Sleep(cell.Milliseconds);
        supervisor = Usage.Now - supervisor;
        double cpu = supervisor.CpuMicroseconds + workers.Sum(times => times.MicrosecondsSince());
        double seconds = cell.Milliseconds / 1000.0;
        return new Measurement
        {
            Row = cell.Row,
            Size = cell.Size,
            Depth = cell.Depth,
            Cpu = Math.Round(cpu / seconds, 1),
            Allocated = Math.Round(supervisor.AllocatedBytes / seconds, 1),
            Lost = 0,
            OutOfOrder = 0,
            Messages = 0,
            ProcessId = Environment.ProcessId,
            PeerProcessId = _processes[0],
        };
    }
}
