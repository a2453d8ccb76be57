using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;

namespace Ipc.Transports.Broker;

/// <summary>An admitted worker's control connection: writes the broker's news as messages and gives the worker's messages to the supervisor. Control thread only.</summary>
internal sealed class WorkerLink : ILaneEnds, IControlHandler
{
    private readonly ControlConnection _connection;
    private readonly LaneBroker _broker;
    private readonly BrokerPeer _peer;
    private readonly SubscriptionDesk _subscriptions;
    private readonly Action<WorkerLink> _onReady;
    private readonly ISupervisorEvents _events;
    private readonly Action<WorkerLink, string> _onClosed;

    /// <summary>Takes over a connection.</summary>
    public WorkerLink(
        PeerId worker,
        ControlConnection connection,
        LaneBroker broker,
        BrokerPeer peer,
        SubscriptionDesk subscriptions,
        Action<WorkerLink> onReady,
        ISupervisorEvents events,
        Action<WorkerLink, string> onClosed)
    {
        Worker = worker;
        _connection = connection;
        _broker = broker;
        _peer = peer;
        _subscriptions = subscriptions;
        _onReady = onReady;
        _events = events;
        _onClosed = onClosed;
    }

    /// <summary>The incarnation at the other end.</summary>
    public PeerId Worker { get; }

    /// <summary>Its row.</summary>
    public BrokerPeer Peer => _peer;

    /// <summary>Admits the worker, and gives it its id and what it needs for rings.</summary>
    public void Welcome()
    {
        bool rings = _peer is { Doorbell: not null, Ledger: not null };
        byte[] message = new ControlWriter(ControlMessageType.Welcome, rings ? 2 : 0)
            .Peer(Worker).Boolean(rings).UInt32(rings ? (uint)_peer.Ledger!.Length : 0).ToMessage();
        FileDescriptor[] descriptors = rings ? FileDescriptor.DuplicateAll(_peer.Doorbell!.Descriptor, _peer.Ledger!.Descriptor) : [];
        _connection.Send(message, descriptors);
    }

    /// <summary>Sends the newest directory.</summary>
    public void SendDirectory(byte[] message) => _connection.SendLatest(message);

    /// <summary>Asks the worker to finish.</summary>
    public void Stop(TimeSpan deadline, bool readsOn) =>
        _connection.Send(new ControlWriter(ControlMessageType.Stop).Int64((long)deadline.TotalMilliseconds).Boolean(readsOn).ToMessage());

    /// <summary>Asks whether the worker comes forward.</summary>
    public void Ping(uint number) => _connection.Send(new ControlWriter(ControlMessageType.Ping).UInt32(number).ToMessage());

    /// <summary>Its process has ended: hears what it had said before.</summary>
    public void ReceiveRest() => _connection.ReceiveRest();

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
            case ControlMessageType.Ready when reader.IsAtEnd:
                _onReady(this);
                return null;

            case ControlMessageType.Pulse:
                if (!reader.TryUInt32(out uint number) || !reader.TryUInt32(out uint poolWaitsSince) || !reader.TryUInt32(out uint callSince)
                    || !reader.TryText(out string action) || !reader.TryBoolean(out bool isDebugged) || !reader.IsAtEnd)
                {
                    break;
                }

                _events.OnWorkerPulse(Worker, new WorkerPulse(number, poolWaitsSince, callSince, action, isDebugged));
                return null;

            case ControlMessageType.HandledEnough:
                if (!reader.TryInt64(out long handled) || !reader.IsAtEnd)
                {
                    break;
                }

                _events.OnWorkerHandledEnough(Worker, handled);
                return null;

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

            case ControlMessageType.WantsId when reader.IsAtEnd:
                return null; // it has got one meanwhile

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
        }

        return $"it sent a control message of type {(byte)type} that is malformed or not for a supervisor";
    }

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

    /// <inheritdoc/>
    public void OnClosed(ControlConnection connection, string reason) => _onClosed(this, reason);
}
