namespace Ipc.Chaos;

/// <summary>All that the members of one cluster have written down, sends joined with their handlings.</summary>
internal sealed class History
{
    private readonly Dictionary<(string Sender, string Action, int Number), Send> _sends = [];

    public History(string folder)
    {
        Members = Member.All(folder);
        var lines = new List<LedgerLine>();
        foreach (Member member in Members)
        {
            lines.AddRange(LedgerLine.Read(member));
        }

        foreach (LedgerLine line in lines.Where(l => l.Kind == 'B'))
        {
            _sends.Add((line.Member.Name, line.Action, line.Number), new Send(line));
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

    /// <summary>The first and the last sign of a member; of one that was killed before it could give any there is none.</summary>
    public Dictionary<Member, (long First, long Last)> Times { get; } = [];

    private void Add(LedgerLine line)
    {
        switch (line.Kind)
        {
            case 'B' or 'H':
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
}
