using System.Globalization;

namespace Ipc.Chaos.Tests;

/// <summary>Ledger files as members of a cluster write them, line by line, and what the judge says of them.</summary>
internal sealed class Ledgers : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ipc-chaos-tests-").FullName;
    private readonly List<string> _members = [];
    private readonly HashSet<int> _killed = [];
    private readonly List<LostReport> _lost = [];

    /// <summary>A line of a member's file: its kind, its time in seconds, its rest.</summary>
    /// <param name="member">As the file is named, for example <c>worker-0-1</c>, or <c>supervisor</c>.</param>
    public Ledgers Line(string member, char kind, double seconds, string rest)
    {
        File.AppendAllText(PathOf(member), string.Create(CultureInfo.InvariantCulture, $"{kind} {(long)(seconds * 1_000_000)} {rest}\n"));
        return this;
    }

    /// <summary>A listener that begins and ends.</summary>
    public Ledgers Handled(string member, double seconds, string message, string sender, int deliveries = 1) =>
        Line(member, 'S', seconds, $"{message} {sender} {deliveries}").Line(member, 'E', seconds, $"{message} {sender}");

    /// <summary>A send that is accepted.</summary>
    public Ledgers Accepted(string member, double seconds, string message, string target) =>
        Line(member, 'B', seconds, $"{message} {target}").Line(member, 'A', seconds, message);

    public Ledgers Killed(string member)
    {
        _killed.Add(ProcessId(member));
        return this;
    }

    public Ledgers Lost(LostReport report)
    {
        _lost.Add(report);
        return this;
    }

    /// <summary>The laws that did not hold.</summary>
    public int[] BrokenLaws(string? garbler = null, bool overPipes = false) =>
        [.. new Judge(new History(_folder, garbler), _lost, _killed, garbler, overPipes, TimeSpan.FromSeconds(3)).Violations().Select(v => v.Law).Distinct().Order()];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private int ProcessId(string member)
    {
        if (!_members.Contains(member))
        {
            _members.Add(member);
        }

        return 1001 + _members.IndexOf(member);
    }

    private string PathOf(string member) => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{member}.{ProcessId(member)}.log"));
}
