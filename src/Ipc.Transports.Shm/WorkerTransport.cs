using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>A worker's end: one control connection to the supervisor on one control thread, and lanes to every peer. Every method may be called from any thread.</summary>
public sealed class WorkerTransport : Transport
{
    private const int ConnectPauseMilliseconds = 5;
    private const uint Root = 0;

    private readonly ControlLoop _loop;
    private readonly LaneTable _lanes;
    private readonly ITransportReceiver _receiver;
    private readonly IWorkerEvents _events;
    private readonly ActionSets _actionSets = new();
    private readonly Announcements _announcements = new();
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControlConnection? _connection;
    private DeathMark? _mark;
    private volatile PeerDirectory _directory = PeerDirectory.Empty;
    private volatile SelfBox _self;
    private volatile bool _welcomed;
    private volatile bool _isHeld;
    private string? _refusal;
    private int _disposed;

    private WorkerTransport(WorkerTransportOptions options, ITransportReceiver receiver, IWorkerEvents events, ILoggerFactory loggers)
    {
        _self = new SelfBox(options.Self);
        _receiver = receiver;
        _events = events;
        ILogger logger = loggers.CreateLogger<WorkerTransport>();
        _loop = new ControlLoop("ipc control", logger);
        _lanes = new LaneTable(options.Self, options.Limits, receiver, new RemoteRequests(this), logger);
    }

    /// <inheritdoc/>
    public override PeerId Self => _self.Id;

    /// <summary>Whether this process waits for its worker id: it receives nothing, and no lane can be opened.</summary>
    public bool IsHeld => _isHeld;

    /// <inheritdoc/>
    public override PeerDirectory Directory => _directory;

    /// <summary>How often the reading was taken over from a thread that was inside a listener for too long.</summary>
    internal long HandOvers => _lanes.HandOvers;

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
        byte[] secret = ReadSecret(options.Secret);
        byte[] greeting = new Greeting(options.Self, secret, actions.Texts).ToMessage();
        if (greeting.Length > ControlProtocol.MaxGreetingSize)
        {
            string[] needed = [.. actions.Names, .. actions.Subscriptions.Select(s => s.Text)];
            greeting = new Greeting(options.Self, secret, needed).ToMessage(); // signatures inform, and are no reason not to start
        }

        if (greeting.Length > ControlProtocol.MaxGreetingSize)
        {
            throw new ArgumentException($"The names of {actions.Names.Count} actions take {greeting.Length} bytes; a greeting holds {ControlProtocol.MaxGreetingSize}.", nameof(actions));
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Limits.HandshakeTimeout);
        WorkerTransport? transport = null;
        try
        {
            FileDescriptor socket = await ConnectSocketAsync(options, deadline.Token).ConfigureAwait(false);
            transport = new WorkerTransport(options, receiver, events, loggers);
            transport.Begin(socket, greeting);
            await transport._admitted.Task.WaitAsync(deadline.Token).ConfigureAwait(false);
            return transport;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await DisposeQuietlyAsync(transport).ConfigureAwait(false);
            throw new IpcException(
                IpcError.NotRunning,
                $"{options.Self} was not admitted within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s: the supervisor does not answer.");
        }
        catch
        {
            await DisposeQuietlyAsync(transport).ConfigureAwait(false);
            throw;
        }
    }

    private sealed record SelfBox(PeerId Id); // read and written as one

    /// <summary>Tells the supervisor that this worker is ready; completes when the directory shows it, and at once in a process that is held without a worker id.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: the supervisor has gone, or this transport was disposed.</exception>
    public async ValueTask ReportReadyAsync(CancellationToken cancellationToken)
    {
        Send(new ControlWriter(ControlMessageType.Ready).ToMessage());
        if (_isHeld)
        {
            return;
        }

        await _ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tells the supervisor that this worker has handled as many messages as it was to.</summary>
    public void ReportHandledEnough(long count) => Send(new ControlWriter(ControlMessageType.HandledEnough).Int64(count).ToMessage());

    /// <summary>Tells the supervisor, in a process that is held without a worker id, that it cannot go on without.</summary>
    public void RequestId() => Send(new ControlWriter(ControlMessageType.WantsId).ToMessage());

    /// <inheritdoc/>
    public override ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken) =>
        _lanes.OpenAsync(remote, kind, cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask AnnounceAsync(IReadOnlyList<TopicSubscription> subscriptions, CancellationToken cancellationToken)
    {
        if (!TopicSubscription.AreFew(subscriptions))
        {
            throw Announcements.Refused();
        }

        Task<bool> known = _announcements.Begin(out uint number);
        ControlWriter writer = new ControlWriter(ControlMessageType.Subscriptions).UInt32(number).UInt32((uint)subscriptions.Count);
        foreach (TopicSubscription subscription in subscriptions)
        {
            writer.Text(subscription.Text);
        }

        Send(writer.ToMessage());
        if (!await known.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            throw Announcements.Refused();
        }
    }

    /// <inheritdoc/>
    public override void PollAnswers(IAnswerWaiter waiter) => _lanes.PollAnswers(waiter);

    /// <inheritdoc/>
    public override bool ReadAnswers() => _lanes.ReadAnswers();

    /// <summary>Closes every lane and the control connection.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _lanes.DisposeAsync().ConfigureAwait(false);
        _loop.Post(() =>
        {
            _connection?.Close("this process closed it");
            _mark?.Dispose(); // an end in order is learnt from the exit
        });
        _loop.Stop();
    }

    private static ValueTask DisposeQuietlyAsync(WorkerTransport? transport) => transport?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static byte[] ReadSecret(string secret)
    {
        ArgumentNullException.ThrowIfNull(secret);
        byte[] bytes = new byte[ControlProtocol.SecretSize];
        return secret.Length == 2 * ControlProtocol.SecretSize
            && Convert.FromHexString(secret, bytes, out _, out _) == System.Buffers.OperationStatus.Done
            ? bytes
            : throw new ArgumentException($"A launch secret has {2 * ControlProtocol.SecretSize} hexadecimal digits.", nameof(secret));
    }

    private static async Task<FileDescriptor> ConnectSocketAsync(WorkerTransportOptions options, CancellationToken cancellationToken)
    {
        while (true)
        {
            FileDescriptor? socket = UnixSocket.TryConnectAbstract(options.Endpoint, out int error);
            if (socket is not null)
            {
                // The name is random, but anybody may listen on a name that has become free. Root may do all to this process anyway, and starts workers of other users.
                if (UnixSocket.TryGetPeer(socket) is { } peer && (peer.UserId == Libc.EffectiveUserId() || peer.UserId == Root))
                {
                    return socket;
                }

                socket.Dispose();
                throw new IpcException(IpcError.NotAllowed, $"The endpoint {options.Endpoint} belongs to another user: {options.Self} does not connect to it.");
            }

            if (error != Libc.ErrorAgain)
            {
                throw new IpcException(
                    IpcError.NotRunning,
                    $"{options.Self} cannot connect to its supervisor at {options.Endpoint} ({new System.ComponentModel.Win32Exception(error).Message}): the supervisor has ended, or runs in another network namespace.");
            }

            await Task.Delay(ConnectPauseMilliseconds, cancellationToken).ConfigureAwait(false);
        }
    }

    private void Begin(FileDescriptor socket, byte[] greeting)
    {
        _connection = new ControlConnection(_loop, socket, new Handler(this), acceptsDescriptors: true) { MaxPayload = ControlProtocol.MaxPayloadSize };
        _loop.Post(() => _connection.Send(greeting));
        _loop.Start();
    }

    private void Send(byte[] message) => _loop.Post(() => _connection!.Send(message));

    private void OnWelcome(PeerId self, bool rings, int ledgerLength, FileDescriptor[] descriptors)
    {
        _self = new SelfBox(self);
        _lanes.Rename(self);
        if (_isHeld)
        {
            _events.OnIdGiven(self);
        }

        if (rings)
        {
            LedgerSegment ledger = LedgerSegment.Open(descriptors[1].IntoFile(), ledgerLength, Self.Incarnation);
            try
            {
                DoorbellSegment doorbell = DoorbellSegment.Open(descriptors[0].IntoFile(), isOwner: true);
                _mark = DeathMark.TryHold(doorbell); // this thread lives as long as the process, but for an end in order
                _lanes.EnableRings(doorbell, ledger);
            }
            catch
            {
                ledger.Dispose();
                throw;
            }
        }

        _welcomed = true;
    }

    private void OnHold()
    {
        _isHeld = true;
        _lanes.PrepareRings();
        _admitted.TrySetResult();
    }

    private void OnDirectory(PeerDirectory directory)
    {
        _directory = directory;
        if (directory.Find(Self) is { IsReady: true } row && row.Id == Self)
        {
            _ready.TrySetResult();
        }

        _receiver.OnDirectoryChanged(directory);
        if (!_welcomed)
        {
            return;
        }

        _admitted.TrySetResult(); // not with the welcome: until the first directory nobody could be found
        if (_isHeld)
        {
            _isHeld = false;
            _events.OnReleased();
        }
    }

    private void OnPing(uint number)
    {
        WorkerPulse pulse = _events.OnPing(number);
        _connection!.Send(new ControlWriter(ControlMessageType.Pulse)
            .UInt32(pulse.Number).UInt32(pulse.PoolWaitsSince).UInt32(pulse.CallSince).Text(pulse.Action).Boolean(pulse.IsDebugged).ToMessage());
    }

    private void OnConnectionClosed(string reason)
    {
        var error = _refusal is null
            ? new IpcException(IpcError.NotRunning, $"The control connection of {Self} ended: {reason}.")
            : new IpcException(IpcError.NotAllowed, $"The supervisor refused {Self}: {_refusal}. A launch secret works once, and only in the process that the supervisor started.");
        _admitted.TrySetException(error);
        _ready.TrySetException(error);

        _announcements.Fail(error);
        _lanes.BrokerGone(error);

        // Nobody has to wait for either of them.
        _ = _admitted.Task.Exception;
        _ = _ready.Task.Exception;
        if ((_welcomed || _isHeld) && Volatile.Read(ref _disposed) == 0)
        {
            _events.OnSupervisorGone();
        }
    }

    /// <summary>The supervisor's messages. A supervisor is trusted no further than its bytes: what is malformed ends the connection.</summary>
    private sealed class Handler(WorkerTransport owner) : IControlHandler
    {
        public string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors)
        {
            try
            {
                if (TryHandle(type, payload, descriptors))
                {
                    return null;
                }
            }
            catch (SharedMemoryException error)
            {
                return error.Message;
            }

            foreach (FileDescriptor descriptor in descriptors)
            {
                descriptor.Dispose();
            }

            return $"the supervisor sent a control message of type {(byte)type} that is malformed or not for a worker";
        }

        public void OnClosed(ControlConnection connection, string reason) => owner.OnConnectionClosed(reason);

        private bool TryHandle(ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors)
        {
            var reader = new ControlReader(payload);
            switch (type)
            {
                case ControlMessageType.Welcome when !owner._welcomed:
                    if (!reader.TryPeer(out PeerId self) || !reader.TryBoolean(out bool rings) || !reader.TryNonNegative(out int ledgerLength) || descriptors.Length != (rings ? 2 : 0))
                    {
                        return false;
                    }

                    owner.OnWelcome(self, rings, ledgerLength, descriptors);
                    return true;

                case ControlMessageType.Hold when !owner._welcomed && reader.IsAtEnd:
                    owner.OnHold();
                    return true;

                case ControlMessageType.Refused when reader.TryText(out string refusal):
                    owner._refusal = refusal;
                    return true;

                case ControlMessageType.Directory:
                    if (!DirectoryMessage.TryRead(payload, owner._actionSets, out PeerDirectory? directory, out uint? answer))
                    {
                        return false;
                    }

                    owner.OnDirectory(directory!);
                    if (answer is { } directoryNumber)
                    {
                        owner._connection!.Send(new ControlWriter(ControlMessageType.DirectoryKnown).UInt32(directoryNumber).ToMessage());
                    }

                    return true;

                case ControlMessageType.SubscriptionsKnown when reader.TryUInt32(out uint announcement) && reader.TryBoolean(out bool accepted):
                    return owner._announcements.TryEnd(announcement, accepted);

                case ControlMessageType.Stop when reader.TryInt64(out long milliseconds) && milliseconds is >= 0 and <= int.MaxValue && reader.TryBoolean(out bool readsOn):
                    owner._events.OnStopRequested(TimeSpan.FromMilliseconds(milliseconds), readsOn);
                    return true;

                case ControlMessageType.Ping when reader.TryUInt32(out uint ping):
                    owner.OnPing(ping);
                    return true;

                default:
                    return TryHandleLane(type, ref reader, descriptors);
            }
        }

        private bool TryHandleLane(ControlMessageType type, ref ControlReader reader, FileDescriptor[] descriptors)
        {
            switch (type)
            {
                case ControlMessageType.LaneOpened:
                    if (!reader.TryUInt32(out uint opened) || !LaneDescription.TryRead(ref reader, out LaneDescription? lane) || descriptors.Length != lane!.DescriptorCount)
                    {
                        return false;
                    }

                    owner._lanes.OnOpened(opened, lane, descriptors);
                    return true;

                case ControlMessageType.LaneRefused:
                    if (!reader.TryUInt32(out uint refused) || !reader.TryByte(out byte error) || !reader.TryText(out string message))
                    {
                        return false;
                    }

                    owner._lanes.OnRefused(refused, (IpcError)error, message);
                    return true;

                case ControlMessageType.InboundLane:
                    if (!LaneDescription.TryRead(ref reader, out LaneDescription? inbound) || descriptors.Length != inbound!.DescriptorCount)
                    {
                        return false;
                    }

                    owner._lanes.OnInbound(inbound, descriptors);
                    return true;

                case ControlMessageType.LaneFaulted:
                    if (!reader.TryInt64(out long faulted) || !reader.TryText(out string reason))
                    {
                        return false;
                    }

                    owner._lanes.OnFaulted(faulted, reason);
                    return true;

                case ControlMessageType.ReaderLeaving when reader.TryInt64(out long leaving):
                    owner._lanes.OnReaderLeaving(leaving);
                    return true;

                case ControlMessageType.ReaderGone:
                    if (!reader.TryInt64(out long laneId) || !reader.TryPeer(out PeerId gone) || !reader.TryInt64(out long taken) || !reader.TryBoolean(out bool kept))
                    {
                        return false;
                    }

                    owner._lanes.OnReaderGone(laneId, gone, taken, kept, descriptors);
                    return true;

                case ControlMessageType.Segment:
                    if (!reader.TryInt64(out long segmentLane) || !reader.TryBoolean(out bool writes) || !reader.TryUInt32(out uint id)
                        || !reader.TryNonNegative(out int length) || descriptors.Length != 1)
                    {
                        return false;
                    }

                    owner._lanes.OnSegment(segmentLane, writes, id, length, descriptors);
                    return true;

                case ControlMessageType.SegmentRefused when reader.TryInt64(out long without):
                    owner._lanes.OnSegmentRefused(without);
                    return true;

                case ControlMessageType.SegmentReturned when reader.TryInt64(out long returnedLane) && reader.TryUInt32(out uint returned):
                    owner._lanes.OnSegmentReturned(returnedLane, returned);
                    return true;

                case ControlMessageType.Interrupted:
                    return TryHandleInterrupted(ref reader);

                default:
                    return false;
            }
        }

        private bool TryHandleInterrupted(ref ControlReader reader)
        {
            if (!reader.TryPeer(out PeerId ended) || !reader.TryNonNegative(out int count) || count > reader.Remaining / sizeof(long))
            {
                return false;
            }

            var correlations = new long[count];
            for (int i = 0; i < count; i++)
            {
                reader.TryInt64(out correlations[i]);
            }

            owner._lanes.OnInterrupted(ended, correlations);
            return true;
        }
    }

    /// <summary>This worker's requests, as control messages.</summary>
    private sealed class RemoteRequests(WorkerTransport owner) : ILaneRequests
    {
        public void Open(uint requestId, PeerId remote, LaneKind kind) =>
            owner.Send(new ControlWriter(ControlMessageType.OpenLane).UInt32(requestId).Peer(remote).Byte((byte)kind).ToMessage());

        public void Fault(long laneId, string reason) =>
            owner.Send(new ControlWriter(ControlMessageType.LaneFaulted).Int64(laneId).Text(reason).ToMessage());

        public void Ended(long laneId) => owner.Send(new ControlWriter(ControlMessageType.LaneEnded).Int64(laneId).ToMessage());

        public void Lost(PeerId worker, long count, string reason) =>
            owner.Send(new ControlWriter(ControlMessageType.MessagesLost).Peer(worker).Int64(count).Text(reason).ToMessage());

        public void WantSegment(long laneId, int length) =>
            owner.Send(new ControlWriter(ControlMessageType.WantSegment).Int64(laneId).UInt32((uint)length).ToMessage());

        public void ReturnSegment(long laneId, uint id) =>
            owner.Send(new ControlWriter(ControlMessageType.SegmentReturned).Int64(laneId).UInt32(id).ToMessage());
    }
}
