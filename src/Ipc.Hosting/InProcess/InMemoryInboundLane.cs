using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>The reading end of an in-memory lane, for one reading incarnation.</summary>
internal sealed class InMemoryInboundLane : InboundLane
{
    private readonly InMemoryLane _lane;

    /// <summary>Made by the lane.</summary>
    public InMemoryInboundLane(InMemoryLane lane, PeerId reader, ITransportReceiver receiver)
    {
        _lane = lane;
        Reader = reader;
        Receiver = receiver;
    }

    /// <summary>Who reads.</summary>
    public PeerId Reader { get; }

    /// <summary>Gets the frames.</summary>
    public ITransportReceiver Receiver { get; }

    /// <inheritdoc/>
    public override PeerId Remote => _lane.Key.Writer;

    /// <inheritdoc/>
    public override LaneKind Kind => _lane.Kind;

    /// <inheritdoc/>
    public override void Resume() => _lane.Resume(this);

    /// <inheritdoc/>
    public override void Fault(string reason) => _lane.Fault(this, reason);

    /// <inheritdoc/>
    public override void EnterUserCode()
    {
        // Each lane is emptied by a work item of its own: code that blocks in one holds up no other, and HandsOver is false.
    }

    /// <inheritdoc/>
    protected override void MarkStarted(long token, bool redeliver) => _lane.MarkStarted(token);

    /// <inheritdoc/>
    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes) => _lane.Take(token);
}
