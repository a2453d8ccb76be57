namespace Ipc.Transports.Rings;

/// <summary>A frame in the ledger: waiting with its bytes in the arena or in a segment, or running.</summary>
internal sealed class LedgerLease : LaneLease
{
    private readonly LedgerStore _store;
    private readonly int _index;
    private readonly byte[]? _private;
    private readonly FrameSegmentUse? _use;

    /// <summary>Makes the lease.</summary>
    /// <param name="store">Whose entry.</param>
    /// <param name="lane">Whose frame.</param>
    /// <param name="index">The entry.</param>
    /// <param name="privateBytes">A frame that is too large for the arena.</param>
    /// <param name="keptBytes">What counts against the lane's quota.</param>
    /// <param name="use">The segment that the frame waits in; none when it is elsewhere, or runs and is not to be run again.</param>
    public LedgerLease(LedgerStore store, RingReader lane, int index, ReadOnlySpan<byte> privateBytes, int keptBytes, FrameSegmentUse? use)
        : base(lane, keptBytes)
    {
        if (use is not null)
        {
            _use = use;
            use.IsKept = true;
        }

        _store = store;
        _index = index;
        _private = privateBytes.IsEmpty ? null : privateBytes.ToArray();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _use is not null ? _use.Frame : _private is not null ? _private : _store.Ledger.Kept(_index);

    /// <inheritdoc/>
    public override int DeliveryCount => _store.DeliveriesOf(_index);

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver) => _store.MarkStarted(_index, redeliver);

    /// <inheritdoc/>
    protected override void Free()
    {
        _store.Free(_index);
        _use?.Free(); // after the entry: a kill in between leaves a use that nobody refers to
    }
}
