namespace Ipc.Transports.Rings;

/// <summary>A taken frame that stays in its segment, in a process without a ledger: a crash loses it.</summary>
internal sealed class SegmentLease : LaneLease
{
    private readonly FrameSegmentUse _use;

    /// <summary>Makes the lease.</summary>
    /// <param name="lane">Whose frame.</param>
    /// <param name="use">Where it is.</param>
    public SegmentLease(RingReader lane, FrameSegmentUse use)
        : base(lane, keptBytes: 0)
    {
        _use = use;
        use.IsKept = true;
    }

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> Bytes => _use.Frame;

    /// <inheritdoc/>
    public override void MarkStarted(bool redeliver)
    {
    }

    /// <inheritdoc/>
    protected override void Free() => _use.Free();
}
