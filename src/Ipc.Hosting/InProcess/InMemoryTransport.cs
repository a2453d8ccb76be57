using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>One member of an <see cref="InMemoryNetwork"/>.</summary>
internal sealed class InMemoryTransport : Transport
{
    private readonly InMemoryNetwork _network;

    /// <summary>Made by the network.</summary>
    public InMemoryTransport(InMemoryNetwork network, PeerId self, ITransportReceiver receiver)
    {
        _network = network;
        Self = self;
        Receiver = receiver;
    }

    /// <summary>Gets the frames.</summary>
    public ITransportReceiver Receiver { get; }

    /// <inheritdoc/>
    public override PeerId Self { get; }

    /// <inheritdoc/>
    public override PeerDirectory Directory => _network.Directory;

    /// <inheritdoc/>
    public override ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new ValueTask<OutboundLane>(_network.Open(Self, remote, kind));
    }

    /// <inheritdoc/>
    public override ValueTask AnnounceAsync(IReadOnlyList<TopicSubscription> subscriptions, CancellationToken cancellationToken)
    {
        if (!TopicSubscription.AreFew(subscriptions))
        {
            throw Transports.Control.Announcements.Refused();
        }

        _network.Announce(Self, subscriptions);
        return ValueTask.CompletedTask;
    }

    /// <summary>Leaves the network; the inbox waits for a successor. To give it up call <see cref="InMemoryNetwork.Leave"/> before.</summary>
    public override ValueTask DisposeAsync()
    {
        _network.Leave(Self, keepInbox: true);
        return ValueTask.CompletedTask;
    }
}
