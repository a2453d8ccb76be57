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
    public virtual void ReadAnswers()
    {
    }

    /// <summary>Ends every lane of this process.</summary>
    public abstract ValueTask DisposeAsync();
}
