namespace Ipc.Chaos;

/// <summary>One message: what its sender has written about it, and every start of a listener with it.</summary>
internal sealed class Send(LedgerLine begun)
{
    public LedgerLine Begun { get; } = begun;

    /// <summary>How it ended for the sender: A accepted, R answered, P and F failed; null when the sender was killed before it knew.</summary>
    public LedgerLine? Result { get; set; }

    /// <summary>An answer came.</summary>
    public LedgerLine? Answer { get; set; }

    public List<Handling> Handlings { get; } = [];

    public string Action => Begun.Action;

    public int Number => Begun.Number;

    public Member Sender => Begun.Member;

    /// <summary>A worker id, <c>supervisor</c>, <c>all</c>, or <c>any:group</c>.</summary>
    public string Target => Begun.Rest[2];

    public bool IsRequest => Action.StartsWith("ask", StringComparison.Ordinal);

    public override string ToString() => $"{Action} {Number} of {Sender.Name} to {Target}";
}
