using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;

namespace Ipc.Transports.Broker;

/// <summary>An admitted peer's control connection: writes the broker's news as messages and gives the peer's messages about lanes to the broker. Control thread only.</summary>
internal abstract class PeerLink : ILaneEnds, IControlHandler
{
    private readonly ControlConnection _connection;
    private readonly LaneBroker _broker;
    private readonly BrokerPeer _peer;
    private readonly SubscriptionDesk _subscriptions;
    private readonly PeerId _self;

    /// <summary>Takes over a connection.</summary>
    /// <param name="self">Who is at the other end.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="broker">Makes lanes.</param>
    /// <param name="peer">Its row.</param>
    /// <param name="subscriptions">Makes its subscriptions known.</param>
    protected PeerLink(PeerId self, ControlConnection connection, LaneBroker broker, BrokerPeer peer, SubscriptionDesk subscriptions)
    {
        _self = self;
        _connection = connection;
        _broker = broker;
        _peer = peer;
        _subscriptions = subscriptions;
    }

    /// <summary>Its row.</summary>
    public BrokerPeer Peer => _peer;

    /// <summary>Admits the peer, and gives it its id and what it needs for rings.</summary>
    public void Welcome()
    {
        bool rings = _peer is { Doorbell: not null, Ledger: not null };
        byte[] message = new ControlWriter(ControlMessageType.Welcome, rings ? 2 : 0)
            .Peer(_self).Boolean(rings).UInt32(rings ? (uint)_peer.Ledger!.Length : 0).ToMessage();
        FileDescriptor[] descriptors = rings ? FileDescriptor.DuplicateAll(_peer.Doorbell!.Descriptor, _peer.Ledger!.Descriptor) : [];
        _connection.Send(message, descriptors);
    }

    /// <summary>Sends the newest directory.</summary>
    public void SendDirectory(byte[] message) => _connection.SendLatest(message);

    /// <summary>Ends the connection.</summary>
    public void Close(string reason) => _connection.Close(reason);

    /// <inheritdoc/>
    public bool IsBehind => _connection.IsBehind;

    /// <inheritdoc/>
    public void OnOpened(uint requestId, LaneDescription lane, FileDescriptor[] descriptors) => _connection.Send(
        lane.Write(new ControlWriter(ControlMessageType.LaneOpened, descriptors.Length).UInt32(requestId)).ToMessage(), descriptors);

    /// <inheritdoc/>
    public void OnRefused(uint requestId, IpcError reason, string message) => _connection.Send(
        new ControlWriter(ControlMessageType.LaneRefused).UInt32(requestId).Byte((byte)reason).Text(message).ToMessage());

    /// <inheritdoc/>
    public void OnInbound(LaneDescription lane, FileDescriptor[] descriptors) =>
        _connection.Send(lane.Write(new ControlWriter(ControlMessageType.InboundLane, descriptors.Length)).ToMessage(), descriptors);

    /// <inheritdoc/>
    public void OnFaulted(long laneId, string reason) =>
        _connection.Send(new ControlWriter(ControlMessageType.LaneFaulted).Int64(laneId).Text(reason).ToMessage());

    /// <inheritdoc/>
    public void OnReaderLeaving(long laneId) => _connection.Send(new ControlWriter(ControlMessageType.ReaderLeaving).Int64(laneId).ToMessage());

    /// <inheritdoc/>
    public void OnReaderGone(long laneId, PeerId reader, long takenPosition, bool inboxKept, FileDescriptor[] descriptors) => _connection.Send(
        new ControlWriter(ControlMessageType.ReaderGone, descriptors.Length).Int64(laneId).Peer(reader).Int64(takenPosition).Boolean(inboxKept).ToMessage(),
        descriptors);

    /// <inheritdoc/>
    public void OnSegment(long laneId, bool writes, uint id, int length, FileDescriptor[] descriptors) => _connection.Send(
        new ControlWriter(ControlMessageType.Segment, descriptors.Length).Int64(laneId).Boolean(writes).UInt32(id).UInt32((uint)length).ToMessage(), descriptors);

    /// <inheritdoc/>
    public void OnSegmentRefused(long laneId) => _connection.Send(new ControlWriter(ControlMessageType.SegmentRefused).Int64(laneId).ToMessage());

    /// <inheritdoc/>
    public void OnSegmentReturned(long laneId, uint id) =>
        _connection.Send(new ControlWriter(ControlMessageType.SegmentReturned).Int64(laneId).UInt32(id).ToMessage());

    /// <inheritdoc/>
    public void OnInterrupted(PeerId reader, IReadOnlyList<long> correlations)
    {
        ControlWriter writer = new ControlWriter(ControlMessageType.Interrupted).Peer(reader).UInt32((uint)correlations.Count);
        foreach (long correlation in correlations)
        {
            writer.Int64(correlation);
        }

        _connection.Send(writer.ToMessage());
    }

    /// <inheritdoc/>
    public string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors)
    {
        var reader = new ControlReader(payload);
        switch (type)
        {
            case ControlMessageType.OpenLane:
                if (!reader.TryUInt32(out uint requestId) || !reader.TryPeer(out PeerId remote) || !reader.TryLaneKind(out LaneKind kind) || !reader.IsAtEnd)
                {
                    break;
                }

                _broker.Open(_peer, requestId, remote, kind);
                return null;

            case ControlMessageType.LaneFaulted:
                if (!reader.TryInt64(out long faulted) || !reader.TryText(out string reason) || !reader.IsAtEnd)
                {
                    break;
                }

                _broker.Faulted(_peer, faulted, reason);
                return null;

            case ControlMessageType.LaneEnded:
                if (!reader.TryInt64(out long ended) || !reader.IsAtEnd)
                {
                    break;
                }

                _broker.Ended(_peer, ended);
                return null;

            case ControlMessageType.WantSegment:
                if (!reader.TryInt64(out long wanting) || !reader.TryNonNegative(out int length) || !reader.IsAtEnd)
                {
                    break;
                }

                _broker.WantSegment(_peer, wanting, length);
                return null;

            case ControlMessageType.SegmentReturned:
                if (!reader.TryInt64(out long returning) || !reader.TryUInt32(out uint segment) || !reader.IsAtEnd)
                {
                    break;
                }

                _broker.ReturnSegment(_peer, returning, segment);
                return null;

            case ControlMessageType.MessagesLost:
                if (!reader.TryPeer(out PeerId worker) || !reader.TryInt64(out long count) || count < 0 || !reader.TryText(out string why) || !reader.IsAtEnd)
                {
                    break;
                }

                return _broker.Lost(_peer, worker, count, why);

            case ControlMessageType.Subscriptions:
                if (!reader.TryUInt32(out uint announcement) || !TryReadSubscriptions(ref reader, out TopicSubscription[] subscriptions))
                {
                    break;
                }

                _subscriptions.Announce(_peer, subscriptions, accepted => _connection.Send(
                    new ControlWriter(ControlMessageType.SubscriptionsKnown).UInt32(announcement).Boolean(accepted).ToMessage()));
                return null;

            case ControlMessageType.DirectoryKnown:
                if (!reader.TryUInt32(out uint directory) || !reader.IsAtEnd)
                {
                    break;
                }

                _subscriptions.Known(this, directory);
                return null;

            default:
                if (TryHandle(type, ref reader))
                {
                    return null;
                }

                break;
        }

        return $"it sent a control message of type {(byte)type} that is malformed or not for a supervisor";
    }

    /// <inheritdoc/>
    public abstract void OnClosed(ControlConnection connection, string reason);

    /// <summary>A message that is not about lanes.</summary>
    /// <returns>False when it is malformed, or not for a supervisor from this kind of peer.</returns>
    protected abstract bool TryHandle(ControlMessageType type, ref ControlReader reader);

    private static bool TryReadSubscriptions(ref ControlReader reader, out TopicSubscription[] subscriptions)
    {
        subscriptions = [];
        if (!reader.TryNonNegative(out int count) || count > TopicSubscription.MaxPerPeer)
        {
            return false;
        }

        subscriptions = new TopicSubscription[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryText(out string text) || !TopicSubscription.TryParse(text, out TopicSubscription? subscription) || subscription.Number == 0)
            {
                return false;
            }

            subscriptions[i] = subscription;
        }

        return reader.IsAtEnd && TopicSubscription.AreFew(subscriptions);
    }

    /// <summary>Sends a message of this kind of link.</summary>
    protected void Send(byte[] message) => _connection.Send(message);

    /// <summary>Hears what the peer had said before it ended.</summary>
    protected void ReceiveRestOf() => _connection.ReceiveRest();
}
