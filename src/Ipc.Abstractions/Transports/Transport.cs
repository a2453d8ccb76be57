namespace Ipc.Transports;

/// <summary>One process's way to its peers: opens lanes to them, hands in what arrives from them, and knows who they are.</summary>
public abstract class Transport : IAsyncDisposable
{
    /// <summary>This peer.</summary>
    public abstract PeerId Self { get; }

    /// <summary>Everybody, as far as this process knows; replaced as a whole when it changes.</summary>
    public abstract PeerDirectory Directory { get; }

    /// <summary>Opens the lane to a peer; the one that exists already when there is one.</summary>
    /// <param name="remote">For an inbox any incarnation of the worker id means the worker id; for answers the exact incarnation.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpcException"><see cref="IpcError.PeerGone"/> or <see cref="IpcError.NoSuchTarget"/>.</exception>
    public abstract ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken);

    /// <summary>Replaces the run-time subscriptions of this peer. Calls take effect in their order, whether the earlier ones have completed or not.</summary>
    /// <param name="subscriptions">All of them, each with a number of its own.</param>
    /// <param name="cancellationToken">Gives up waiting; the subscriptions are replaced all the same.</param>
    /// <returns>
    /// Completes when every peer that is connected has the directory with them: whatever is published then by one that has one or learns of this is not missed. A peer that is stopped
    /// (SIGSTOP) holds it up until it goes on or ends.
    /// </returns>
    /// <exception cref="IpcException">
    /// <see cref="IpcError.NotRunning"/>: this peer is no part of its cluster any more; <see cref="IpcError.NotAllowed"/>: they are more than <see cref="TopicSubscription.AreFew"/> allows,
    /// or than the directory of the cluster holds, and are what they were before.
    /// </exception>
    public abstract ValueTask AnnounceAsync(IReadOnlyList<TopicSubscription> subscriptions, CancellationToken cancellationToken);

    /// <summary>
    /// Lets a thread that is about to wait for an answer look for it itself, for a short, adaptive time: no other thread has to be woken. Answers that it finds on the
    /// way, its own or not, are given to the receiver. Returns early when another thread reads the answer lanes already.
    /// </summary>
    /// <param name="waiter">Tells when to stop looking.</param>
    public virtual void PollAnswers(IAnswerWaiter waiter)
    {
    }

    /// <summary>
    /// Reads what has arrived on answer lanes, unless another thread does, and has this process woken for what comes later as long as
    /// <see cref="ITransportReceiver.ExpectsAnswers"/> says so. Does not wait.
    /// </summary>
    /// <returns>Whether the receiver has all that had arrived before the call; false when another thread reads at this moment, and comes to it.</returns>
    public virtual bool ReadAnswers() => true;

    /// <summary>Ends every lane of this process.</summary>
    public abstract ValueTask DisposeAsync();
}
