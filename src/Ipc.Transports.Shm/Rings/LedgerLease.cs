namespace Ipc.Transports.Rings;

/// <summary>A frame in the ledger: waiting with its bytes in the arena, or running.</summary>
internal sealed class LedgerLease : LaneLease
{
    private readonly LedgerStore _store;
    private readonly int _index;
    private readonly byte[]? _private;

    /// <summary>Makes the lease.</summary>
    /// <param name="store">Whose entry.</param>
    /// <param name="lane">Whose frame.</param>
    /// <param name="index">The entry.</param>
    /// <param name="privateBytes">A frame that is too large for the arena.</param>
    /// <param name="keptBytes">What counts against the lane's quota.</param>
    public LedgerLease(LedgerStore store, RingReader lane, int index, ReadOnlySpan<byte> privateBytes, int keptBytes)
        : base(lane, keptBytes)
    {
        _store = store;
        _index = index;
        _private = privateBytes.IsEmpty ? null : privateBytes.ToArray();
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _private is not null ? _private : _store.Ledger.Kept(_index);

    /// <inheritdoc/>
    public override int DeliveryCount => _store.DeliveriesOf(_index);

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver) => _store.MarkStarted(_index, redeliver);

    /// <inheritdoc/>
    protected override void Free() => _store.Free(_index);
}
