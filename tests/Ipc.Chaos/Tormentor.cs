using System.Diagnostics;

namespace Ipc.Chaos;

/// <summary>Kills and stops workers at random, and remembers whom.</summary>
/// <param name="cluster">Whose.</param>
/// <param name="random">Decides.</param>
/// <param name="garbler">The broken peer, which is let live longer than the others: it has work to do.</param>
/// <param name="load">Is looked at meanwhile.</param>
internal sealed class Tormentor(ClusterUnderTest cluster, Random random, string? garbler, MachineLoad load)
{
    private readonly List<(Member Worker, long Until)> _stopped = [];

    /// <summary>The process ids that were killed.</summary>
    public HashSet<int> Killed { get; } = [];

    public int Stops { get; private set; }

    public async Task RunAsync(TimeSpan duration)
    {
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < duration && cluster.IsRunning)
        {
            await Task.Delay(random.Next(20, 700));
            load.Observe();
            Resume(watch.ElapsedMilliseconds);
            List<Member> workers = [.. cluster.Workers().Where(w => w.Slot != garbler || random.Next(4) == 0)];
            if (workers.Count == 0)
            {
                continue;
            }

            Member worker = workers[random.Next(workers.Count)];
            switch (random.Next(10))
            {
                case < 4:
                    KillOne(worker);
                    break;
                case 4:
                    KillOne(worker);
                    KillOne(workers[random.Next(workers.Count)]); // perhaps two at once
                    break;
                case < 8:
                    Stops++;
                    Linux.Signal(worker.ProcessId, Linux.Stop);
                    _stopped.Add((worker, watch.ElapsedMilliseconds + random.Next(50, random.Next(5) == 0 ? (int)Limits.LongestStop.TotalMilliseconds : 1500)));
                    break;
                default:
                    break; // let them work
            }
        }

        Resume(long.MaxValue);
    }

    private void KillOne(Member worker)
    {
        Killed.Add(worker.ProcessId);
        Linux.Signal(worker.ProcessId, Linux.Kill); // a stopped one dies too
    }

    private void Resume(long now)
    {
        foreach ((Member worker, _) in _stopped.Where(s => s.Until <= now))
        {
            Linux.Signal(worker.ProcessId, Linux.Continue);
        }

        _stopped.RemoveAll(s => s.Until <= now);
    }
}
