namespace Ipc.Chaos;

/// <summary>All that the members of one cluster have written down, sends joined with their handlings.</summary>
internal sealed class History
{
    private readonly Dictionary<(string Sender, string Action, int Number), Send> _sends = [];
    private readonly HashSet<(string Sender, string Action, int Number)> _unjudged = [];
    private readonly string? _garbler;

    /// <summary>Reads it.</summary>
    /// <param name="folder">Where the files are.</param>
    /// <param name="garbler">The worker id of the broken peer: what it does, and what may have gone to it, says nothing.</param>
    public History(string folder, string? garbler)
    {
        _garbler = garbler;
        Members = [.. Member.All(folder).Where(m => m.Slot != garbler)];
        var lines = new List<LedgerLine>();
        foreach (Member member in Members)
        {
            lines.AddRange(LedgerLine.Read(member));
        }

        foreach (LedgerLine line in lines.Where(l => l.Kind == 'B'))
        {
            var send = new Send(line);
            if (garbler is not null && (send.Target == garbler || send.Target == $"any:{garbler.Split('/')[0]}"))
            {
                _unjudged.Add((line.Member.Name, line.Action, line.Number));
            }
            else
            {
                _sends.Add((line.Member.Name, line.Action, line.Number), send);
            }
        }

        foreach (LedgerLine line in lines)
        {
            Add(line);
        }

        foreach (IGrouping<Member, LedgerLine> member in lines.GroupBy(l => l.Member))
        {
            Times[member.Key] = (member.Min(l => l.Microseconds), member.Max(l => l.Microseconds));
        }
    }

    /// <summary>In the order of worker ids and incarnations.</summary>
    public List<Member> Members { get; }

    public IReadOnlyCollection<Send> Sends => _sends.Values;

    /// <summary>Listener starts, by the receiver's worker id, sender and action, in the order in which they were written.</summary>
    public Dictionary<(string Slot, string Sender, string Action), List<(Send Send, Handling Handling)>> Lanes { get; } = [];

    /// <summary>Lines that fit nothing: a message that nobody sent, an end without a start, a payload that is not what was sent.</summary>
    public List<LedgerLine> Misfits { get; } = [];

    /// <summary>The members whose loops have ended as they should.</summary>
    public HashSet<Member> Finished { get; } = [];

    /// <summary>When the cluster had started, as its supervisor saw it; null when it never did.</summary>
    public long? Started { get; private set; }

    /// <summary>The first and the last sign of a member; of one that was killed before it could give any there is none.</summary>
    public Dictionary<Member, (long First, long Last)> Times { get; } = [];

    private void Add(LedgerLine line)
    {
        switch (line.Kind)
        {
            case 'B' or 'H':
            case 'A' or 'P' or 'F' or 'R' when _unjudged.Contains((line.Member.Name, line.Action, line.Number)):
            case 'S' or 'E' or 'C' when IsUnjudged(line):
                return;

            case 'U':
                Started = line.Microseconds;
                return;

            case 'Q':
                Finished.Add(line.Member);
                return;

            case 'A' or 'P' or 'F' when _sends.TryGetValue((line.Member.Name, line.Action, line.Number), out Send? send) && send.Result is null:
                send.Result = line;
                return;

            case 'R' when _sends.TryGetValue((line.Member.Name, line.Action, line.Number), out Send? send) && send.Answer is null:
                send.Answer = line;
                return;

            case 'S' when _sends.TryGetValue((line.Rest[2], line.Action, line.Number), out Send? send):
                var handling = new Handling(line);
                send.Handlings.Add(handling);
                (string, string, string) key = (line.Member.Slot, line.Rest[2], line.Action);
                if (!Lanes.TryGetValue(key, out List<(Send, Handling)>? lane))
                {
                    Lanes[key] = lane = [];
                }

                lane.Add((send, handling));
                return;

            case 'E' when _sends.TryGetValue((line.Rest[2], line.Action, line.Number), out Send? send)
                && send.Handlings.Find(h => h.By == line.Member && h.Ended is null) is { } open:
                open.Ended = line;
                return;

            default:
                Misfits.Add(line);
                return;
        }
    }

    /// <summary>Whether a listener handles what the broken peer sent, or what might have been for it.</summary>
    private bool IsUnjudged(LedgerLine line) =>
        _garbler is not null && (line.Rest[2].StartsWith($"{_garbler}#", StringComparison.Ordinal) || _unjudged.Contains((line.Rest[2], line.Action, line.Number)));
}
