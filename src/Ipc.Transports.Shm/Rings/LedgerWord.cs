namespace Ipc.Transports.Rings;

/// <summary>An entry's first word, changed by one store: a kill leaves the old one or the new one.</summary>
/// <param name="State">What became of the frame.</param>
/// <param name="Flags">What it is.</param>
/// <param name="Deliveries">How often its listener was started.</param>
/// <param name="Owner">The incarnation that has it.</param>
internal readonly record struct LedgerWord(LedgerState State, LedgerFlags Flags, int Deliveries, int Owner)
{
    /// <summary>Whether the frame waits for somebody to run it, for the first time or again.</summary>
    public bool CanRun => State is LedgerState.Pending or LedgerState.Interrupted;

    /// <summary>The listener starts.</summary>
    public LedgerWord Start(bool redeliver) => this with
    {
        State = LedgerState.Started,
        Flags = redeliver ? Flags | LedgerFlags.Redeliver : Flags & ~LedgerFlags.Redeliver,
        Deliveries = Deliveries + 1,
    };

    /// <summary>Reads a word.</summary>
    public static LedgerWord Read(ulong word) =>
        new((LedgerState)(word & 0xF), (LedgerFlags)((word >> 4) & 0xF), (int)((word >> 8) & 0xFF_FFFF), (int)(word >> 32));

    /// <summary>The word.</summary>
    public ulong ToWord() => (ulong)State | ((ulong)Flags << 4) | ((ulong)(Deliveries & 0xFF_FFFF) << 8) | ((ulong)(uint)Owner << 32);
}
