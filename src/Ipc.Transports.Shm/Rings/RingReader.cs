namespace Ipc.Transports.Rings;

/// <summary>The reading end of a ring, attached to a <see cref="RingReaderLoop"/>.</summary>
internal sealed class RingReader : InboundLane
{
    internal RingReader(PeerId remote, LaneKind kind, long ringId)
    {
        Remote = remote;
        Kind = kind;
        RingId = ringId;
    }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <summary>The number by which ledger and broker know the ring.</summary>
    public long RingId { get; }

    /// <inheritdoc/>
    public override void Resume() => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    public override void Fault(string reason) => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    public override void EnterUserCode() => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    protected override void MarkStarted(long token) => throw new NotSupportedException("Rings are being built.");

    /// <inheritdoc/>
    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes) => throw new NotSupportedException("Rings are being built.");
}
