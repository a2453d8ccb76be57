using Ipc.Transports.Control;

namespace Ipc.Transports.Broker;

/// <summary>An admitted client's control connection. Control thread only.</summary>
internal sealed class ClientLink : PeerLink
{
    private readonly Action<ClientLink> _onReady;
    private readonly Action<ClientLink, string> _onClosed;

    /// <summary>Takes over a connection.</summary>
    public ClientLink(ControlConnection connection, LaneBroker broker, BrokerPeer peer, SubscriptionDesk subscriptions, Action<ClientLink> onReady, Action<ClientLink, string> onClosed)
        : base(peer.Id, connection, broker, peer, subscriptions)
    {
        _onReady = onReady;
        _onClosed = onClosed;
    }

    /// <summary>What it takes in a directory, at most.</summary>
    public int GreetingBytes { get; init; }

    /// <inheritdoc/>
    public override void OnClosed(ControlConnection connection, string reason) => _onClosed(this, reason);

    /// <inheritdoc/>
    protected override bool TryHandle(ControlMessageType type, ref ControlReader reader)
    {
        if (type != ControlMessageType.Ready || !reader.IsAtEnd)
        {
            return false;
        }

        _onReady(this);
        return true;
    }
}
