namespace Ipc.Transports.Rings;

/// <summary>For processes that have no successor (supervisor, clients) and for answers: frames wait in the process's own memory.</summary>
internal sealed class PooledStore : LeaseStore
{
    /// <inheritdoc/>
    public override bool CanTake(RingReader lane, int length) =>
        lane.OpenLeases < LedgerLayout.Entries && (lane.LeasedBytes == 0 || lane.LeasedBytes + length <= LedgerLayout.ArenaBytes);

    /// <inheritdoc/>
    public override LaneLease Take(RingReader lane, ulong position, ReadOnlySpan<byte> frame, bool keepBytes, bool redeliver, FrameSegmentUse? use) =>
        keepBytes && use is not null ? new SegmentLease(lane, use) : new PooledLease(lane, keepBytes ? frame : default);
}
