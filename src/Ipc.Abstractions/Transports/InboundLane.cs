using Ipc.Dispatch;

namespace Ipc.Transports;

/// <summary>The reading end of a lane, as the receiver of its frames sees it.</summary>
public abstract class InboundLane : IUserCodeGate
{
    /// <summary>Who writes: one exact incarnation.</summary>
    public abstract PeerId Remote { get; }

    /// <summary>What the lane is for.</summary>
    public abstract LaneKind Kind { get; }

    /// <summary>Whether the reading of other lanes goes on when a receiver blocks in user code (see <see cref="EnterUserCode"/>), so that short listeners may run inline.</summary>
    public virtual bool HandsOver => false;

    /// <summary>For the receiver to keep what it knows about the lane; the transport does not touch it.</summary>
    public object? ReceiverState { get; set; }

    /// <summary>Goes on with a lane that was left at <see cref="FrameDisposition.Held"/>: the frame is given to the receiver again.</summary>
    public abstract void Resume();

    /// <summary>Drops the lane: its peer sent what is not a frame, or too much. The peer learns the reason and no other lane is touched.</summary>
    /// <param name="reason">What was wrong, for the log.</param>
    public abstract void Fault(string reason);

    /// <inheritdoc/>
    public abstract void EnterUserCode();

    /// <summary>
    /// Lets the code that begins with <see cref="EnterUserCode"/> go on reading the bytes of its frame in place: they stay, and do not change, until the receiver returns, also when the
    /// reading is taken over. Called by the receiver on the thread of its call, before <see cref="EnterUserCode"/>.
    /// </summary>
    /// <returns>Whether the lane can do that; the bytes are in memory that does not move then.</returns>
    public virtual bool TryBorrow() => false;

    /// <summary>Records that the frame's listener is about to start. Before decoding, so that a message that crashes its reader counts as started.</summary>
    /// <param name="token">The frame's <see cref="InboundFrame.Token"/>.</param>
    /// <param name="redeliver">Whether a successor is to run it again, should this process die before the frame is finished.</param>
    protected internal abstract void MarkStarted(long token, bool redeliver);

    /// <summary>Lets the lane go on without the frame being finished.</summary>
    /// <param name="token">The frame's <see cref="InboundFrame.Token"/>.</param>
    /// <param name="bytes">The frame.</param>
    /// <param name="keepBytes">Whether the lease must hold a copy of the bytes.</param>
    protected internal abstract FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes);
}
