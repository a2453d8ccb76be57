namespace Ipc.Transports.Rings;

/// <summary>What the reading of rings tells its transport. Called on reader threads: return soon, throw nothing.</summary>
internal interface IRingObserver
{
    /// <summary>The lane was dropped: its writer sent what is not a frame, or the receiver called <see cref="InboundLane.Fault"/>. Its peer is to be told; no other lane is touched.</summary>
    /// <param name="lane">The lane; detached already.</param>
    /// <param name="reason">What was wrong.</param>
    void LaneFaulted(RingReader lane, string reason);

    /// <summary>The ring is closed and everything that was accepted has been taken; the lane is detached.</summary>
    void LaneDrained(RingReader lane);

    /// <summary>The ring of a lane that this process writes can be used no more: its reader or the supervisor wrote what cannot be. Told once, on a pool thread; whoever sends on it gets <see cref="IpcError.PeerGone"/>.</summary>
    /// <param name="lane">The lane; its owner ends it.</param>
    /// <param name="reason">What was wrong.</param>
    void LaneBroken(RingWriter lane, string reason);

    /// <summary>A writer wants memory for a large frame: the supervisor is to be asked, and answers by <see cref="RingWriter.AddSegment"/> or <see cref="RingWriter.RefuseSegment"/>. Any thread, under the writer's lock.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="length">The segment's size.</param>
    void SegmentWanted(RingWriter lane, int length);

    /// <summary>A writer uses a segment no more: the supervisor takes it back. Any thread, under the writer's lock.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="id">The segment.</param>
    void SegmentReturned(RingWriter lane, uint id);

    /// <summary>The receiver threw; the frame counts as finished.</summary>
    void ReceiverFailed(RingReader lane, Exception exception);
}
