using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>A worker's end: connects with the ticket of the supervisor that started it. Every method may be called from any thread.</summary>
public sealed class WorkerTransport : ConnectedTransport
{
    private readonly IWorkerEvents _events;
    private volatile bool _isHeld;

    private WorkerTransport(WorkerTransportOptions options, ITransportReceiver receiver, IWorkerEvents events, ILoggerFactory loggers)
        : base(options.Self, options.Limits, receiver, loggers) => _events = events;

    /// <summary>Whether this process waits for its worker id: it receives nothing, and no lane can be opened.</summary>
    public bool IsHeld => _isHeld;

    private protected override bool WaitsForId => _isHeld;

    /// <summary>Connects to the supervisor and proves who this process is. Frames and news may reach <paramref name="receiver"/> before the task completes.</summary>
    /// <param name="options">Where to connect, and as whom.</param>
    /// <param name="actions">What this worker listens to.</param>
    /// <param name="receiver">Gets frames and news.</param>
    /// <param name="events">Hears of the supervisor, on the control thread.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: nobody listens there, or not in time; <see cref="IpcError.NotAllowed"/>: this process was not admitted.</exception>
    public static async Task<WorkerTransport> ConnectAsync(
        WorkerTransportOptions options,
        PeerActions actions,
        ITransportReceiver receiver,
        IWorkerEvents events,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(loggers);
        LimitChecks.ThrowIfInvalid(options.Limits);
        byte[] greeting = Greet(options.Self, ReadSecret(options.Secret), actions);
        return await ConnectAsync(
            () => new WorkerTransport(options, receiver, events, loggers),
            token => ConnectSocketAsync(
                () => (UnixSocket.TryConnectAbstract(options.Endpoint, out int error), error),
                Libc.EffectiveUserId(),
                options.Endpoint,
                options.Self.ToString(),
                "the supervisor has ended, or runs in another network namespace.",
                token),
            greeting,
            options.Limits.HandshakeTimeout,
            $"{options.Self} was not admitted within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s: the supervisor does not answer.",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the supervisor that this worker has handled as many messages as it was to.</summary>
    public void ReportHandledEnough(long count) => Send(new ControlWriter(ControlMessageType.HandledEnough).Int64(count).ToMessage());

    /// <summary>Tells the supervisor, in a process that is held without a worker id, that it cannot go on without.</summary>
    public void RequestId() => Send(new ControlWriter(ControlMessageType.WantsId).ToMessage());

    private protected override bool TryHandle(ControlMessageType type, ref ControlReader reader, FileDescriptor[] descriptors)
    {
        switch (type)
        {
            case ControlMessageType.Hold when !IsWelcomed && reader.IsAtEnd:
                _isHeld = true;
                Lanes.PrepareRings();
                Admit();
                return true;

            case ControlMessageType.Stop when reader.TryInt64(out long milliseconds) && milliseconds is >= 0 and <= int.MaxValue && reader.TryBoolean(out bool readsOn):
                _events.OnStopRequested(TimeSpan.FromMilliseconds(milliseconds), readsOn);
                return true;

            case ControlMessageType.Ping when reader.TryUInt32(out uint ping):
                WorkerPulse pulse = _events.OnPing(ping);
                SendNow(new ControlWriter(ControlMessageType.Pulse)
                    .UInt32(pulse.Number).UInt32(pulse.PoolWaitsSince).UInt32(pulse.CallSince).Text(pulse.Action).Boolean(pulse.IsDebugged).ToMessage());
                return true;

            default:
                return false;
        }
    }

    private protected override void OnWelcomed(PeerId self)
    {
        if (_isHeld)
        {
            _events.OnIdGiven(self);
        }
    }

    private protected override void OnAdmitted()
    {
        if (_isHeld)
        {
            _isHeld = false;
            _events.OnReleased();
        }
    }

    private protected override void OnGone(string reason) => _events.OnSupervisorGone();

    private protected override string DescribeRefusal(string reason) =>
        $"The supervisor refused {Self}: {reason}. A launch secret works once, and only in the process that the supervisor started.";

    private static byte[] ReadSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        byte[] bytes = new byte[ControlProtocol.SecretSize];
        return secret.Length == 2 * ControlProtocol.SecretSize
            && Convert.FromHexString(secret, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw new ArgumentException($"A launch secret has {2 * ControlProtocol.SecretSize} hexadecimal digits.", nameof(secret));
    }
}
