using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>
/// The end of a peer that is connected to a supervisor: one control connection on one control thread, and lanes to every peer. A worker's and a client's are made of it. Every method may be
/// called from any thread.
/// </summary>
public abstract class ConnectedTransport : Transport
{
    private const int ConnectPauseMilliseconds = 5;
    private const uint Root = 0;

    private readonly ControlLoop _loop;
    private readonly LaneTable _lanes;
    private readonly ITransportReceiver _receiver;
    private readonly ActionSets _actionSets;
    private readonly Announcements _announcements = new();
    private readonly TaskCompletionSource _admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ControlConnection? _connection;
    private DeathMark? _mark;
    private volatile PeerDirectory _directory = PeerDirectory.Empty;
    private volatile SelfBox _self;
    private volatile bool _welcomed;
    private string? _refusal;
    private int _disposed;

    private protected ConnectedTransport(PeerId self, TransportLimits limits, ITransportReceiver receiver, ILoggerFactory loggers)
    {
        _self = new SelfBox(self);
        _receiver = receiver;
        _actionSets = new ActionSets(forClient: self.Kind == PeerKind.Client);
        ILogger logger = loggers.CreateLogger(GetType());
        _loop = new ControlLoop("ipc control", logger);
        _lanes = new LaneTable(self, limits, receiver, new RemoteRequests(this), logger);
    }

    private sealed record SelfBox(PeerId Id); // read and written as one

    /// <inheritdoc/>
    public override PeerId Self => _self.Id;

    /// <inheritdoc/>
    public override PeerDirectory Directory => _directory;

    /// <summary>How often the reading was taken over from a thread that was inside a listener for too long.</summary>
    internal long HandOvers => _lanes.HandOvers;

    /// <summary>Whether this peer waits for its worker id.</summary>
    private protected virtual bool WaitsForId => false;

    /// <summary>Whether the supervisor has admitted this peer, and said who it is.</summary>
    private protected bool IsWelcomed => _welcomed;

    /// <summary>Whether <see cref="DisposeAsync"/> has been called.</summary>
    private protected bool IsDisposed => Volatile.Read(ref _disposed) != 0;

    /// <summary>What whoever needs a new lane is told when the connection has ended.</summary>
    private protected virtual IpcError WhenLost => IpcError.NotRunning;

    /// <summary>The lanes.</summary>
    private protected LaneTable Lanes => _lanes;

    /// <summary>Tells the supervisor that this peer is ready; completes when the directory shows it, and at once in a process that is held without a worker id.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: the supervisor has gone, or this transport was disposed.</exception>
    public async ValueTask ReportReadyAsync(CancellationToken cancellationToken)
    {
        Send(new ControlWriter(ControlMessageType.Ready).ToMessage());
        if (WaitsForId)
        {
            return;
        }

        await _ready.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

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
        GC.SuppressFinalize(this);
    }

    /// <summary>Connects, greets, and waits until the supervisor has admitted this peer; what fails leaves nothing behind.</summary>
    /// <param name="create">Makes the transport, when the socket is connected.</param>
    /// <param name="connect">Connects the socket.</param>
    /// <param name="greeting">What is said first.</param>
    /// <param name="timeout">How long all of it may take.</param>
    /// <param name="tooLate">What to say when it takes longer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private protected static async Task<TTransport> ConnectAsync<TTransport>(
        Func<TTransport> create, Func<CancellationToken, Task<FileDescriptor>> connect, byte[] greeting, TimeSpan timeout, string tooLate, CancellationToken cancellationToken)
        where TTransport : ConnectedTransport
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(timeout);
        TTransport? transport = null;
        try
        {
            FileDescriptor socket = await connect(deadline.Token).ConfigureAwait(false);
            transport = create();
            await transport.BeginAsync(socket, greeting, deadline.Token).ConfigureAwait(false);
            return transport;
        }
        catch (Exception error)
        {
            if (transport is not null)
            {
                await transport.DisposeAsync().ConfigureAwait(false);
            }

            if (error is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                throw new IpcException(IpcError.NotRunning, tooLate);
            }

            throw;
        }
    }

    /// <summary>Greets over a connected socket and waits until the supervisor has admitted this peer.</summary>
    private async Task BeginAsync(FileDescriptor socket, byte[] greeting, CancellationToken cancellationToken)
    {
        _connection = new ControlConnection(_loop, socket, new Handler(this), acceptsDescriptors: true) { MaxPayload = ControlProtocol.MaxPayloadSize };
        _loop.Post(() => _connection.Send(greeting));
        _loop.Start();
        await _admitted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The greeting of a peer that holds a secret; without the signatures of its contracts where it would be too long: they inform, and are no reason not to start.</summary>
    private protected static byte[] Greet(PeerId self, byte[] secret, PeerActions actions)
    {
        byte[] greeting = new Greeting(self, secret, actions.Texts).ToMessage();
        if (greeting.Length > ControlProtocol.MaxGreetingSize)
        {
            greeting = new Greeting(self, secret, actions.Needed).ToMessage();
        }

        return greeting.Length <= ControlProtocol.MaxGreetingSize
            ? greeting
            : throw new ArgumentException($"The names of {actions.Names.Count} actions take {greeting.Length} bytes; a greeting holds {ControlProtocol.MaxGreetingSize}.", nameof(actions));
    }

    /// <summary>Connects to a socket on this machine whose listener is of the right user: anybody may listen on a name that has become free.</summary>
    /// <param name="tryConnect">Tries once.</param>
    /// <param name="owner">Whose it is to be. Root may do all to this process anyway, and starts workers of other users.</param>
    /// <param name="name">The socket's name, for errors.</param>
    /// <param name="self">Who connects, for errors.</param>
    /// <param name="cause">What most likely is the cause where nobody listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    private protected static async Task<FileDescriptor> ConnectSocketAsync(
        Func<(FileDescriptor? Socket, int Error)> tryConnect, uint owner, string name, string self, string cause, CancellationToken cancellationToken)
    {
        while (true)
        {
            (FileDescriptor? socket, int error) = tryConnect();
            if (socket is not null)
            {
                if (UnixSocket.TryGetPeer(socket) is { } peer && (peer.UserId == owner || peer.UserId == Root))
                {
                    return socket;
                }

                socket.Dispose();
                throw new IpcException(IpcError.NotAllowed, $"The endpoint {name} belongs to another user: {self} does not connect to it.");
            }

            if (error != Libc.ErrorAgain)
            {
                throw new IpcException(
                    IpcError.NotRunning, $"{self} cannot connect to {name} ({new System.ComponentModel.Win32Exception(error).Message}): {cause}");
            }

            await Task.Delay(ConnectPauseMilliseconds, cancellationToken).ConfigureAwait(false);
        }
    }

    private protected void Send(byte[] message) => _loop.Post(() => _connection!.Send(message));

    /// <summary>Sends from the control thread.</summary>
    private protected void SendNow(byte[] message) => _connection!.Send(message);

    /// <summary>A message for this kind of peer alone.</summary>
    /// <returns>False when it is malformed or not for this peer.</returns>
    private protected virtual bool TryHandle(ControlMessageType type, ref ControlReader reader, FileDescriptor[] descriptors) => false;

    /// <summary>The supervisor has said who this is; messages may come from now on.</summary>
    private protected virtual void OnWelcomed(PeerId self)
    {
    }

    /// <summary>A directory has come, after the welcome.</summary>
    private protected virtual void OnAdmitted()
    {
    }

    /// <summary>The connection has ended, and not by this side.</summary>
    private protected virtual void OnGone(string reason)
    {
    }

    /// <summary>What to throw when the supervisor refuses this peer.</summary>
    private protected abstract string DescribeRefusal(string reason);

    /// <summary>This peer is admitted, whatever it waits for.</summary>
    private protected void Admit() => _admitted.TrySetResult();

    private void OnWelcome(PeerId self, bool rings, int ledgerLength, FileDescriptor[] descriptors)
    {
        _self = new SelfBox(self);
        _lanes.Rename(self);
        OnWelcomed(self);
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
        OnAdmitted();
    }

    private void OnConnectionClosed(string reason)
    {
        var error = _refusal is null
            ? new IpcException(IpcError.NotRunning, $"The control connection of {Self} ended: {reason}.")
            : new IpcException(IpcError.NotAllowed, DescribeRefusal(_refusal));
        _admitted.TrySetException(error);
        _ready.TrySetException(error);

        _announcements.Fail(error);
        _lanes.BrokerGone(_refusal is null ? new IpcException(WhenLost, error.Message) : error);

        // Nobody has to wait for either of them.
        _ = _admitted.Task.Exception;
        _ = _ready.Task.Exception;
        if ((_welcomed || WaitsForId) && !IsDisposed)
        {
            OnGone(reason);
        }
    }

    /// <summary>The supervisor's messages. A supervisor is trusted no further than its bytes: what is malformed ends the connection.</summary>
    private sealed class Handler(ConnectedTransport owner) : IControlHandler
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

            return $"the supervisor sent a control message of type {(byte)type} that is malformed or not for this peer";
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
                        owner.SendNow(new ControlWriter(ControlMessageType.DirectoryKnown).UInt32(directoryNumber).ToMessage());
                    }

                    return true;

                case ControlMessageType.SubscriptionsKnown when reader.TryUInt32(out uint announcement) && reader.TryBoolean(out bool accepted):
                    return owner._announcements.TryEnd(announcement, accepted);

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
                    return owner.TryHandle(type, ref reader, descriptors);
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

    /// <summary>This peer's requests, as control messages.</summary>
    private sealed class RemoteRequests(ConnectedTransport owner) : ILaneRequests
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
