namespace Ipc.Transports;

/// <summary>What a transport tells the process that it serves.</summary>
public interface ITransportReceiver
{
    /// <summary>A frame has arrived. Called for each lane one frame at a time, in order, usually on the transport's reader thread.</summary>
    /// <remarks>
    /// After <see cref="InboundLane.EnterUserCode"/> the reading may be taken over: the lane's next frame is then delivered on another thread while this call is still inside the
    /// listener, and what this call returns no longer matters; it may still <see cref="InboundFrame.Take"/> its frame, once, and gets a lease without bytes.
    /// </remarks>
    /// <param name="frame">The frame; valid only during the call.</param>
    FrameDisposition OnFrame(scoped in InboundFrame frame);

    /// <summary>
    /// Whether somebody sleeps until something comes on answer lanes. While nobody does, a sleeping process need not be woken for it, and it may be left unread until
    /// <see cref="Transport.ReadAnswers"/>. Asked often, by any thread.
    /// </summary>
    /// <remarks>Whoever begins to wait makes it true, executes a full fence, and calls <see cref="Transport.PollAnswers"/> or <see cref="Transport.ReadAnswers"/>.</remarks>
    bool ExpectsAnswers => true;

    /// <summary>The peers, or what they listen to, have changed. The newest is always <see cref="Transport.Directory"/>.</summary>
    /// <param name="directory">The new directory.</param>
    void OnDirectoryChanged(PeerDirectory directory);

    /// <summary>The incarnation that read a lane of ours has ended, or has dropped the lane. May come before the commit of a frame up to the position has returned.</summary>
    /// <remarks>One that has ended: comes, on any thread, behind the last of the answers that it had sent.</remarks>
    /// <param name="lane">The lane.</param>
    /// <param name="reader">Who has ended.</param>
    /// <param name="takenPosition">Frames up to this position were taken by it (over a pipe: taken or lost): requests among them that have no answer never get one.</param>
    /// <param name="inboxKept">
    /// Whether later frames wait for a successor; otherwise they are lost and the lane is closed. A pipe keeps nothing: its lane is always closed, and when the worker id lives on
    /// <see cref="Transport.OpenLaneAsync"/> opens a new one to the successor.
    /// </param>
    void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept);

    /// <summary>
    /// A request of ours was running in a process that has ended: it never gets an answer. Follows <see cref="OnReaderGone"/>, for requests behind the position that it named
    /// (earlier ones still wait for the successor).
    /// </summary>
    /// <param name="reader">Who has ended.</param>
    /// <param name="correlation">The request's <see cref="FrameHeader.Correlation"/>.</param>
    void OnRequestInterrupted(PeerId reader, long correlation)
    {
    }
}
