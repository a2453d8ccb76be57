using System.Buffers;

namespace Ipc.Transports;

/// <summary>The writing end of a lane.</summary>
/// <remarks>
/// A frame is written between <see cref="BeginFrame"/> and <see cref="CommitFrameAsync"/> (or <see cref="AbortFrame"/>), on one thread, without an await
/// in between: the lane's in-process lock is held while the frame is serialised, straight into the lane's own space where it has room. Frames arrive in the
/// order of their commits, also when some have to wait for room.
/// </remarks>
public abstract class OutboundLane
{
    /// <summary>Who reads: for an inbox the worker id whatever its incarnation, for answers one exact incarnation.</summary>
    public abstract PeerId Remote { get; }

    /// <summary>What the lane is for.</summary>
    public abstract LaneKind Kind { get; }

    /// <summary>What carries the frames.</summary>
    public abstract LaneBacking Backing { get; }

    /// <summary>Opens a frame and takes the lane's lock.</summary>
    /// <returns>Where the frame is to be written.</returns>
    /// <exception cref="InvalidOperationException">This thread has a frame open on this lane already: something sends while it is being serialised.</exception>
    /// <exception cref="IpcException"><see cref="IpcError.PeerGone"/>: the lane is closed.</exception>
    public abstract IBufferWriter<byte> BeginFrame();

    /// <summary>Closes the frame, gives the lock back and publishes, now or as soon as there is room.</summary>
    /// <remarks>
    /// Why a frame is not published is said by the returned task and never thrown by the call itself, whether it had to wait or not. The lock is given back in every case.
    /// </remarks>
    /// <param name="timeout">
    /// How long to wait for room; <see cref="TimeSpan.Zero"/> fails at once. Only a frame that its transport sends in pieces (larger than half of a shared-memory ring) may take
    /// up to five seconds even then: it begins when the ring is empty, and is not given up half-way.
    /// </param>
    /// <param name="cancellationToken">Gives the waiting up. With a token that is cancelled already nothing is published; a frame that is published stays published.</param>
    /// <returns>The frame's position: grows with every frame of the lane, see <see cref="ITransportReceiver.OnReaderGone"/>.</returns>
    /// <exception cref="InvalidOperationException">Thrown by the call: this thread has no frame open, or nothing was written into it.</exception>
    /// <exception cref="IpcException"><see cref="IpcError.InboxFull"/>, <see cref="IpcError.MessageTooLarge"/> or <see cref="IpcError.PeerGone"/>; the frame is not published then.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the frame is not published then.</exception>
    public abstract ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Drops the open frame and gives the lock back.</summary>
    public abstract void AbortFrame();
}
