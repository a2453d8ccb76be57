using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ipc.Chaos;

/// <summary>One cluster: started, tormented, brought to rest, judged, ended, and looked for.</summary>
internal sealed partial class Round(string folder, bool overPipes, int seed, TimeSpan duration, bool endsByKill, string? garbler)
{
    /// <summary>The worker ids of the cluster, those of the default group first.</summary>
    public static readonly string[] Workers = ["worker/0", "worker/1", "worker/2", "task/0", "task/1"];

    private readonly List<Violation> _violations = [];
    private readonly MachineLoad _load = new();

    /// <summary>Runs it.</summary>
    public async Task<Totals> RunAsync()
    {
        using var cluster = new ClusterUnderTest(folder, overPipes, seed, garbler);
        await UntilAsync(() => cluster.Workers().Count == Workers.Length || !cluster.IsRunning, Limits.StartTimeout);
        var tormentor = new Tormentor(cluster, new Random(seed), garbler, _load);
        await tormentor.RunAsync(duration);
        await File.WriteAllTextAsync(Path.Combine(folder, "stop"), "");
        await RestAsync(cluster, tormentor.Killed);
        if (!cluster.IsRunning)
        {
            _violations.Add(new(6, $"the supervisor has ended with exit code {cluster.ExitCode}"));
        }
        else
        {
            // Two lanes between any two members, a ledger and a doorbell or two for each; what dead incarnations had must be gone.
            int segments = Linux.CountSegments(cluster.SupervisorId);
            if (segments > (2 * 6 * 6) + (4 * 6))
            {
                _violations.Add(new(6, $"the supervisor holds {segments} shared memory segments for 6 processes"));
            }
        }

        _load.Observe();
        await EndAsync(cluster);
        var history = new History(folder, garbler);
        List<LostReport> lost = [.. LostReport.Read(cluster.Output)];
        _violations.AddRange(new Judge(history, lost, tormentor.Killed, garbler, overPipes, _load.Slack).Violations());
        int garbled = Member.All(folder).Where(m => m.Slot == garbler).Sum(m => LedgerLine.Read(m).Count(l => l.Kind == 'G'));
        var totals = new Totals(
            1, history.Sends.Count, history.Sends.Sum(s => s.Handlings.Count), lost.Sum(l => l.Count), history.Sends.Count(s => s.Result is { Kind: 'F' or 'P' }),
            tormentor.Killed.Count, tormentor.Stops, garbled, _violations.Count);
        Console.WriteLine($"  {totals}{(endsByKill ? ", the supervisor killed at the end" : "")}: {totals.Violations} violations");
        Print(cluster);
        return totals;
    }

    /// <summary>Until all loops have ended and nothing is handled any more.</summary>
    private async Task RestAsync(ClusterUnderTest cluster, HashSet<int> killed)
    {
        int count = garbler is null ? Workers.Length + 1 : Workers.Length;
        bool HaveFinished() => Member.All(folder).Where(m => !killed.Contains(m.ProcessId) && m.Slot != garbler).ToList() is var members && members.Count == count
            && members.TrueForAll(m => LedgerLine.Read(m).Any(l => l.Kind == 'Q'));
        if (!await UntilAsync(() => HaveFinished() || !cluster.IsRunning, Limits.RequestTimeout + TimeSpan.FromSeconds(30), 500))
        {
            _violations.Add(new(1, "not all loops have come to their end"));
        }

        long size = -1;
        await UntilAsync(
            () =>
            {
                long before = size;
                size = Directory.GetFiles(folder, "*.log").Sum(f => new FileInfo(f).Length);
                return size == before;
            },
            TimeSpan.FromSeconds(60),
            2000);
    }

    /// <summary>Law 6: with the supervisor all goes, and nothing stays.</summary>
    private async Task EndAsync(ClusterUnderTest cluster)
    {
        Linux.Signal(cluster.SupervisorId, endsByKill ? Linux.Kill : Linux.Terminate);
        if (!await cluster.WaitForExitAsync(TimeSpan.FromSeconds(42) + _load.Slack))
        {
            _violations.Add(new(6, "the supervisor does not end"));
        }

        var watch = Stopwatch.StartNew();
        TimeSpan limit = TimeSpan.FromSeconds(1) + _load.Slack;
        if (!await UntilAsync(() => cluster.Alive().Count == 0, limit, 20))
        {
            _violations.Add(new(6, $"{watch.Elapsed} after the supervisor these processes live: {string.Join(", ", cluster.Alive())}"));
        }

        string[] files = Directory.GetFileSystemEntries(cluster.Temporary, "*", SearchOption.AllDirectories);
        if (files.Length != 0 && !endsByKill)
        {
            _violations.Add(new(6, $"left in the temporary folder: {string.Join(", ", files)}"));
        }
    }

    private void Print(ClusterUnderTest cluster)
    {
        // One of a kind shows enough; the rest of them are mostly its consequences.
        foreach (IGrouping<string, Violation> alike in _violations.GroupBy(v => $"{v.Law} {Kind().Replace(v.What, "")}", StringComparer.Ordinal).Take(20))
        {
            Violation violation = alike.First();
            Console.WriteLine($"VIOLATION of law {violation.Law}, seed {seed}, {(overPipes ? "pipe" : "shared memory")}: {violation.What}{(alike.Count() == 1 ? "" : $" (and {alike.Count() - 1} like it)")}");
            foreach (LedgerLine line in violation.Lines.Take(10))
            {
                Console.WriteLine($"    {line}");
            }

            foreach (LedgerLine line in violation.Lines.Take(2))
            {
                Console.WriteLine($"  around {line.Member.Name} line {line.Index + 1}:");
                foreach (LedgerLine near in LedgerLine.Read(line.Member).Skip(Math.Max(0, line.Index - 4)).Take(9))
                {
                    Console.WriteLine($"    {near}");
                }
            }
        }

        if (_violations.Count != 0)
        {
            File.WriteAllLines(Path.Combine(folder, "output.txt"), cluster.Output);
        }
    }

    private static async Task<bool> UntilAsync(Func<bool> condition, TimeSpan within, int milliseconds = 50)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            if (watch.Elapsed > within)
            {
                return false;
            }

            await Task.Delay(milliseconds);
        }

        return true;
    }

    /// <summary>What tells violations of one kind apart: names and numbers.</summary>
    [GeneratedRegex(@"[\d:#.,]+|\([^)]*\)|\b(worker|task|supervisor|any|all)\b|\w+ \d+ of|""[^""]*""")]
    private static partial Regex Kind();
}
