using Ipc.Transports.Control;

namespace Ipc.Transports.Broker;

/// <summary>A process that has proved who it is and waits for a worker id: a successor while its predecessor works, or a standby. Control thread only.</summary>
internal sealed class HeldWorker : IControlHandler
{
    private readonly Action<HeldWorker> _onPrepared;
    private readonly Action<HeldWorker, string> _onClosed;

    /// <summary>Takes over a connection and tells the process to wait.</summary>
    /// <param name="worker">Who it was announced as.</param>
    /// <param name="connection">Its connection.</param>
    /// <param name="greeting">What it listens to.</param>
    /// <param name="processId">Its process.</param>
    /// <param name="onPrepared">Called when it can take an id over.</param>
    /// <param name="onClosed">Called when the connection has ended.</param>
    public HeldWorker(
        PeerId worker, ControlConnection connection, Greeting greeting, int processId, Action<HeldWorker> onPrepared, Action<HeldWorker, string> onClosed)
    {
        Worker = worker;
        Connection = connection;
        Greeting = greeting;
        ProcessId = processId;
        _onPrepared = onPrepared;
        _onClosed = onClosed;
        connection.Send(new ControlWriter(ControlMessageType.Hold).ToMessage());
    }

    /// <summary>Who it was announced as.</summary>
    public PeerId Worker { get; }

    /// <summary>Its connection.</summary>
    public ControlConnection Connection { get; }

    /// <summary>What it has said of itself.</summary>
    public Greeting Greeting { get; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; }

    /// <summary>Whether it has said that it is ready.</summary>
    public bool IsReady { get; private set; }

    /// <summary>Asks the process to finish.</summary>
    public void Stop(TimeSpan deadline) =>
        Connection.Send(new ControlWriter(ControlMessageType.Stop).Int64((long)deadline.TotalMilliseconds).Boolean(false).ToMessage());

    /// <inheritdoc/>
    public string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, Interop.FileDescriptor[] descriptors)
    {
        if (type is not (ControlMessageType.Ready or ControlMessageType.WantsId) || payload.Length != 0)
        {
            return $"it sent a control message of type {(byte)type} while it had no worker id";
        }

        IsReady |= type == ControlMessageType.Ready;
        _onPrepared(this);
        return null;
    }

    /// <inheritdoc/>
    public void OnClosed(ControlConnection connection, string reason) => _onClosed(this, reason);
}
