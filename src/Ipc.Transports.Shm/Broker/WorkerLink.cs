using Ipc.Transports.Control;

namespace Ipc.Transports.Broker;

/// <summary>An admitted worker's control connection. Control thread only.</summary>
internal sealed class WorkerLink : PeerLink
{
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
        : base(worker, connection, broker, peer, subscriptions)
    {
        Worker = worker;
        _onReady = onReady;
        _events = events;
        _onClosed = onClosed;
    }

    /// <summary>The incarnation at the other end.</summary>
    public PeerId Worker { get; }

    /// <summary>Asks the worker to finish.</summary>
    public void Stop(TimeSpan deadline, bool readsOn) =>
        Send(new ControlWriter(ControlMessageType.Stop).Int64((long)deadline.TotalMilliseconds).Boolean(readsOn).ToMessage());

    /// <summary>Asks whether the worker comes forward.</summary>
    public void Ping(uint number) => Send(new ControlWriter(ControlMessageType.Ping).UInt32(number).ToMessage());

    /// <summary>Its process has ended: hears what it had said before.</summary>
    public void ReceiveRest() => ReceiveRestOf();

    /// <inheritdoc/>
    public override void OnClosed(ControlConnection connection, string reason) => _onClosed(this, reason);

    /// <inheritdoc/>
    protected override bool TryHandle(ControlMessageType type, ref ControlReader reader)
    {
        switch (type)
        {
            case ControlMessageType.Ready when reader.IsAtEnd:
                _onReady(this);
                return true;

            case ControlMessageType.Pulse:
                if (!reader.TryUInt32(out uint number) || !reader.TryUInt32(out uint poolWaitsSince) || !reader.TryUInt32(out uint callSince)
                    || !reader.TryText(out string action) || !reader.TryBoolean(out bool isDebugged) || !reader.IsAtEnd)
                {
                    break;
                }

                _events.OnWorkerPulse(Worker, new WorkerPulse(number, poolWaitsSince, callSince, action, isDebugged));
                return true;

            case ControlMessageType.HandledEnough:
                if (!reader.TryInt64(out long handled) || !reader.IsAtEnd)
                {
                    break;
                }

                _events.OnWorkerHandledEnough(Worker, handled);
                return true;

            case ControlMessageType.WantsId when reader.IsAtEnd:
                return true; // it has got one meanwhile
        }

        return false;
    }
}
