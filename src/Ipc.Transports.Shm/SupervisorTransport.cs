using Ipc.Transports.Broker;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>
/// The supervisor's end: admits workers and clients, brokers lanes between all peers, and keeps the inboxes of worker ids across their incarnations. Everything happens on one
/// control thread, whatever the number of workers. Every method may be called from any thread.
/// </summary>
public sealed class SupervisorTransport : Transport
{
    private const int RowBytes = 128;
    private const int MostClientBytes = ControlProtocol.MaxPayloadSize / 4; // half is for subscriptions of the run time, a quarter for workers

    private readonly ControlLoop _loop;
    private readonly LaneBroker _broker;
    private readonly LaneTable _lanes;
    private readonly WorkerEndpoint _endpoint;
    private readonly ClientEndpoint? _clients;
    private readonly SharedMemoryBudget _budget;
    private readonly DeathWatch _deaths;
    private readonly SubscriptionDesk _subscriptions;
    private readonly BrokerPeer _self;
    private readonly ITransportReceiver _receiver;
    private readonly ISupervisorEvents _events;
    private readonly ILogger _logger;
    private readonly ActionSets _actionSets = new();
    private readonly Announcements _announcements = new();
    private readonly Dictionary<BrokerPeer, WorkerLink> _links = [];
    private readonly List<ClientLink> _clientLinks = [];
    private readonly HashSet<PeerId> _announcedAsHeld = [];
    private readonly Dictionary<PeerId, HeldWorker> _held = [];
    private uint _directoryNumber;
    private volatile PeerDirectory _directory = PeerDirectory.Empty;
    private int _lastClient;
    private int _clientBytes; // what they take in a directory, at most
    private int _disposed;

    private SupervisorTransport(
        SupervisorTransportOptions options,
        PeerActions actions,
        ITransportReceiver receiver,
        ISupervisorEvents events,
        ILoggerFactory loggers,
        Func<FileDescriptor, PeerCredentials?> credentials,
        MemoryCgroup cgroup)
    {
        _receiver = receiver;
        _events = events;
        _logger = loggers.CreateLogger<SupervisorTransport>();
        _loop = new ControlLoop("ipc control", _logger);

        // What may be refused comes before the first thread and the first shared memory.
        _endpoint = WorkerEndpoint.Open(_loop, options.Name, options.Limits.HandshakeTimeout, _logger, credentials, Admit);
        try
        {
            _clients = options.Clients is { } access
                ? ClientEndpoint.Open(access, _loop, options.Limits.HandshakeTimeout, _logger, credentials, WhyNoMore, Admit, options.OnText)
                : null;
        }
        catch
        {
            _endpoint.Descriptor.Dispose();
            throw;
        }

        _budget = new SharedMemoryBudget(options.UseSharedMemory, options.Limits.SharedMemoryLimit, _logger, cgroup);
        _broker = new LaneBroker(options.Limits, _budget, events, _logger);
        _deaths = new DeathWatch(OnDying, _logger);
        _subscriptions = new SubscriptionDesk(PublishSubscriptions);
        _self = new BrokerPeer(PeerId.Supervisor) { Actions = actions, Greeted = actions, IsReady = true };
        _lanes = new LaneTable(PeerId.Supervisor, options.Limits, receiver, new LocalRequests(this), _logger);
        _self.Ends = _lanes;
        _broker.Add(_self);
        _self.PrepareRings(_budget, isOwner: true);
        if (_self.Doorbell is not null)
        {
            _lanes.EnableRings(_self.Doorbell, ledger: null);
        }

        _directory = new PeerDirectory([_self.ToInfo()]);
        _loop.Add(_endpoint);
        _loop.Start();
    }

    /// <inheritdoc/>
    public override PeerId Self => PeerId.Supervisor;

    /// <inheritdoc/>
    public override PeerDirectory Directory => _directory;

    /// <summary>Shared memory that the cluster holds now for rings, doorbells, ledgers and large messages, in bytes.</summary>
    public long SharedMemoryInUse => _budget.InUse;

    /// <summary>Why lanes go over the pipe, the last time one had to; <see langword="null"/> when all are in shared memory.</summary>
    public string? SharedMemoryRefusal => _budget.Refusal;

    /// <summary>Opens the endpoint and starts the control thread.</summary>
    /// <param name="options">Limits, and whether to use shared memory.</param>
    /// <param name="actions">What the supervisor listens to.</param>
    /// <param name="receiver">Gets frames and news; may be called before this method returns.</param>
    /// <param name="events">Hears of workers, on the control thread.</param>
    /// <param name="loggers">For the log.</param>
    /// <exception cref="ArgumentException">A limit or the name is out of its bounds.</exception>
    /// <exception cref="IOException">The endpoint for clients cannot be opened.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not 64-bit Linux.</exception>
    public static SupervisorTransport Start(
        SupervisorTransportOptions options, PeerActions actions, ITransportReceiver receiver, ISupervisorEvents events, ILoggerFactory loggers) =>
        Start(options, actions, receiver, events, loggers, UnixSocket.TryGetPeer, MemoryCgroup.Current);

    /// <summary>Adds a worker id to the directory, with incarnation 0. Adding it twice does nothing.</summary>
    /// <param name="group">The group's name, at most 200 characters.</param>
    /// <param name="workerId">The number inside the group, from 0.</param>
    public void AddSlot(string group, int workerId)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(group.Length, 200);
        ArgumentOutOfRangeException.ThrowIfNegative(workerId);
        Invoke(() =>
        {
            FindOrAdd(PeerId.Worker(group, workerId, 0));
            PublishDirectory();
            return true;
        });
    }

    /// <summary>Lets clients in, where there is an endpoint for them. Who has connected before has waited: a client that finds a cluster without its worker ids would take it for one that has none.</summary>
    public void AcceptClients() => _loop.Post(() =>
    {
        if (_clients is not null && Volatile.Read(ref _disposed) == 0)
        {
            _loop.Add(_clients);
        }
    });

    /// <summary>Announces an incarnation that is about to be started; adds its worker id when that is new. A second ticket makes the first void.</summary>
    /// <param name="worker">The incarnation; its predecessor's end has been reported by <see cref="WorkerExited"/>.</param>
    /// <param name="userId">The number of the user whose process it is; <see langword="null"/> when it is this process's user. Whoever is of another one is refused.</param>
    /// <returns>What its process needs to connect.</returns>
    public WorkerTicket ExpectWorker(PeerId worker, uint? userId = null)
    {
        if (worker.Kind != PeerKind.Worker || worker.Incarnation < 1)
        {
            throw new ArgumentException($"{worker} is not an incarnation of a worker.", nameof(worker));
        }

        return Invoke(() =>
        {
            BrokerPeer peer = FindOrAdd(worker with { Incarnation = 0 });
            if (peer.Ends is not null)
            {
                throw new InvalidOperationException($"{peer.Id} is still connected: report its exit before {worker} is started.");
            }

            peer.IsGivenUp = false;
            peer.IsClosing = false;
            peer.Newest = worker.Incarnation;
            peer.PrepareRings(_budget);
            return new WorkerTicket(_endpoint.Name, _endpoint.Expect(worker, userId).Secret);
        });
    }

    /// <summary>
    /// Announces a process that is to start while it has no worker id yet: the successor of an incarnation that still works, or a standby (<see cref="PeerId.Standby"/>). It runs its
    /// program, receives nothing, and what it sends waits, until <see cref="GiveId"/>.
    /// </summary>
    /// <param name="worker">The incarnation that it will be, or the standby.</param>
    /// <param name="userId">The user whose process it is; this process's when not given.</param>
    /// <returns>What its process needs to connect.</returns>
    public WorkerTicket ExpectHeld(PeerId worker, uint? userId = null)
    {
        if (worker.Kind != PeerKind.Worker || worker.Incarnation < 1)
        {
            throw new ArgumentException($"{worker} is neither an incarnation of a worker nor a standby.", nameof(worker));
        }

        return Invoke(() =>
        {
            _announcedAsHeld.Add(worker);
            return new WorkerTicket(_endpoint.Name, _endpoint.Expect(worker, userId, isHeld: true).Secret);
        });
    }

    /// <summary>A process that was held takes a worker id over, with its inbox.</summary>
    /// <param name="held">As it was announced to <see cref="ExpectHeld"/>.</param>
    /// <param name="worker">The incarnation that it is from now on; the end of its predecessor has been reported by <see cref="WorkerExited"/>.</param>
    /// <returns>False when it is not there (any more).</returns>
    public bool GiveId(PeerId held, PeerId worker) => Invoke(() =>
    {
        if (_broker.Find(worker) is { Ends: not null } predecessor)
        {
            throw new InvalidOperationException($"{predecessor.Id} is still connected: report its exit before {worker} takes over.");
        }

        if (_broker.Find(worker)?.LastEnded >= worker.Incarnation || !_held.Remove(held, out HeldWorker? process))
        {
            return false; // a later incarnation has been there already
        }

        _announcedAsHeld.Remove(held);
        Admit(worker, process.Connection, process.Greeting, process.ProcessId);
        if (process.IsReady && _links.GetValueOrDefault(_broker.Find(worker)!) is { } link)
        {
            OnReady(link);
        }

        return true;
    });

    /// <summary>
    /// The present incarnation makes place for its successor, and is asked to finish next: pipes to it are read to their end, and lanes that are asked for now are the
    /// successor's. Rings need nothing: what is in them is handed over.
    /// </summary>
    /// <returns>Completes when there is nothing left to read; or the process has ended.</returns>
    public Task LeaveAsync(PeerId worker) => Invoke(() => Find(worker) is { } link ? _broker.Leave(link.Peer, isClosing: false) : Task.CompletedTask);

    /// <summary>The cluster stops: no worker id is a target any more. Lanes that there are take what comes all the same, until <see cref="Close"/>.</summary>
    public void StopAccepting() => Invoke(() =>
    {
        foreach (BrokerPeer peer in _broker.Peers.Where(p => p.Id.Kind == PeerKind.Worker))
        {
            peer.IsClosing = true;
        }

        PublishDirectory();
        return true;
    });

    /// <summary>
    /// The worker id is taken away: it is no target any more, its inbox takes nothing more, and its process is asked to finish, which reads to the end what the inbox holds. Where it is not
    /// connected, nothing happens.
    /// </summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="deadline">How long it may take.</param>
    public void Close(PeerId worker, TimeSpan deadline) => _loop.Post(() =>
    {
        if (Find(worker) is not { } link)
        {
            return;
        }

        if (!link.Peer.IsClosing)
        {
            link.Peer.IsClosing = true;
            PublishDirectory(); // before its rings are closed: who finds one closed looks there for others
        }

        Task read = _broker.Leave(link.Peer, isClosing: true);
        link.Stop(deadline, readsOn: !read.IsCompleted);
        if (!read.IsCompleted)
        {
            read.ContinueWith(_ => _loop.Post(() => Find(worker)?.Stop(deadline, readsOn: false)), TaskScheduler.Default);
        }
    });

    /// <summary>Says which process was started. A connection that arrived earlier has waited for it; one from another process is refused.</summary>
    public void SetProcessId(PeerId worker, int processId) => _loop.Post(() => _endpoint.SetProcessId(worker, processId));

    /// <summary>Asks a worker over its control connection to finish. Does nothing when it is not connected.</summary>
    public void RequestStop(PeerId worker, TimeSpan deadline) => _loop.Post(() =>
    {
        if (Find(worker) is { } link)
        {
            link.Stop(deadline, readsOn: false);
        }
        else if (_held.TryGetValue(worker, out HeldWorker? held))
        {
            held.Stop(deadline);
        }
    });

    /// <summary>Asks a worker over its control connection whether it comes forward; <see cref="ISupervisorEvents.OnWorkerPulse"/> tells the answer. Does nothing when it is not connected.</summary>
    /// <param name="worker">The incarnation.</param>
    /// <param name="number">Which question it is, from 1. Whoever asks waits for the answer before the next one.</param>
    public void Ping(PeerId worker, uint number) => _loop.Post(() => Find(worker)?.Ping(number));

    /// <summary>Runs something on the control thread when its time has come. That thread sleeps until then and no other one wakes: where nothing happens, looking costs next to nothing.</summary>
    /// <param name="delay">From now.</param>
    /// <param name="look">Returns at once and blocks nothing. Not called when the transport has been disposed before.</param>
    internal void RunLater(TimeSpan delay, Action look) => _loop.PostLater(delay, look);

    /// <summary>What a worker has to do, as the shared memory of its inbox tells; what comes over pipes is not known. The worker goes on meanwhile.</summary>
    /// <param name="worker">The incarnation.</param>
    /// <exception cref="ObjectDisposedException">The transport is closed.</exception>
    public WorkerLoad Inspect(PeerId worker) => Invoke(() => _broker.Inspect(worker));

    /// <summary>The worker's process has ended: every sender is told, and its inbox waits for the successor or is given up. Call it when no thread of that process can run any more.</summary>
    public void WorkerExited(PeerId worker, bool keepInbox) => _loop.Post(() =>
    {
        _endpoint.Forget(worker);
        _deaths.Forget(worker);
        if (_announcedAsHeld.Remove(worker))
        {
            // It has touched nothing.
            _held.GetValueOrDefault(worker)?.Connection.Close("its process has ended");
            return;
        }

        if (_broker.Find(worker) is not { } peer)
        {
            return;
        }

        if (Find(worker) is { } link)
        {
            link.ReceiveRest();
            link.Close("its process has ended");
        }

        _broker.Exited(peer, worker, keepInbox);
        peer.Actions = peer.Greeted;
        PublishDirectory();
    });

    /// <summary>How full the inboxes are that lie in shared memory; of one that comes over pipes the supervisor sees nothing. Asks the control thread and waits for it, a moment.</summary>
    /// <returns>One row for each worker id that is not given up.</returns>
    /// <exception cref="ObjectDisposedException">The transport has been disposed.</exception>
    public IReadOnlyList<InboxFill> ReadInboxes() => Invoke(_broker.ReadInboxes);

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
        _loop.Post(() => _subscriptions.Announce(_self, subscriptions, accepted => _announcements.TryEnd(number, accepted)));
        if (!await known.WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            throw Announcements.Refused();
        }
    }

    /// <inheritdoc/>
    public override void PollAnswers(IAnswerWaiter waiter) => _lanes.PollAnswers(waiter);

    /// <inheritdoc/>
    public override bool ReadAnswers() => _lanes.ReadAnswers();

    /// <summary>Closes the endpoint, every control connection and every lane. Workers that still run see that the supervisor is gone.</summary>
    public override async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _lanes.DisposeAsync().ConfigureAwait(false);
        _announcements.Fail(new IpcException(IpcError.NotRunning, "The supervisor has stopped."));
        _loop.Post(() =>
        {
            _endpoint.Close();
            _clients?.Close();
            foreach (PeerLink link in Links.ToArray())
            {
                link.Close("the supervisor stops");
            }

            foreach (HeldWorker held in _held.Values.ToArray())
            {
                held.Connection.Close("the supervisor stops");
            }

            _broker.Dispose();
        });
        _deaths.Dispose();
        _loop.Stop();
    }

    /// <summary>As the public method, with another way to learn who is at the other end of a connection, and other limits of memory.</summary>
    internal static SupervisorTransport Start(
        SupervisorTransportOptions options,
        PeerActions actions,
        ITransportReceiver receiver,
        ISupervisorEvents events,
        ILoggerFactory loggers,
        Func<FileDescriptor, PeerCredentials?> credentials,
        MemoryCgroup cgroup)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(loggers);
        LimitChecks.ThrowIfInvalid(options.Limits);
        LimitChecks.ThrowIfInvalid(options.Name);
        return new SupervisorTransport(options, actions, receiver, events, loggers, credentials, cgroup);
    }

    /// <summary>The connections of all that are there.</summary>
    private IEnumerable<PeerLink> Links => _links.Values.Concat<PeerLink>(_clientLinks);

    /// <summary>The connection of an incarnation that is there.</summary>
    private WorkerLink? Find(PeerId worker) => _broker.Find(worker) is { } peer && peer.Id == worker ? _links.GetValueOrDefault(peer) : null;

    private BrokerPeer FindOrAdd(PeerId slot)
    {
        BrokerPeer? peer = _broker.Find(slot);
        if (peer is null)
        {
            peer = new BrokerPeer(slot);
            _broker.Add(peer);
            peer.PrepareRings(_budget);
        }

        return peer;
    }

    private void Admit(LaunchTicket ticket, ControlConnection connection, Greeting greeting, int processId)
    {
        if (!ticket.IsHeld)
        {
            Admit(ticket.Worker, connection, greeting, processId);
            return;
        }

        var held = new HeldWorker(
            ticket.Worker, connection, greeting, processId, worker => _events.OnWorkerPrepared(worker.Worker, worker.IsReady), OnHeldClosed);
        connection.Handler = held;
        _held[ticket.Worker] = held;
        ControlLog.WorkerConnected(_logger, ticket.Worker, processId);
        _events.OnWorkerConnected(ticket.Worker);
    }

    private void Admit(PeerId worker, ControlConnection connection, Greeting greeting, int processId)
    {
        BrokerPeer peer = FindOrAdd(worker with { Incarnation = 0 });
        peer.IsGivenUp = false;
        peer.Newest = worker.Incarnation;
        peer.PrepareRings(_budget);
        var link = new WorkerLink(worker, connection, _broker, peer, _subscriptions, OnReady, _events, OnClosed);
        connection.Handler = link;
        peer.Id = worker;
        peer.Ends = link;
        peer.IsReady = false;
        peer.Actions = peer.Greeted = _actionSets.Share(greeting.Actions);
        _links[peer] = link;
        ControlLog.WorkerConnected(_logger, worker, processId);
        link.Welcome();
        if (peer.Doorbell is { } doorbell)
        {
            _deaths.Watch(worker, doorbell);
        }

        _broker.Connected(peer);
        PublishDirectory();
        _events.OnWorkerConnected(worker);
    }

    private void Admit(Greeting greeting, ControlConnection connection, PeerCredentials credentials)
    {
        PeerId client = PeerId.Client(greeting.Self.Group, ++_lastClient);
        PeerActions actions = _actionSets.Share(greeting.Actions);
        _clientBytes += SizeOf(greeting);
        var peer = new BrokerPeer(client)
        {
            Actions = actions, Greeted = actions, Newest = 1, UsesPipes = !ClientEndpoint.IsOwn(credentials) || _budget.IsHalfUsed,
        };
        peer.PrepareRings(_budget);
        var link = new ClientLink(connection, _broker, peer, _subscriptions, OnReady, OnClosed) { GreetingBytes = SizeOf(greeting) };
        connection.Handler = link;
        peer.Ends = link;
        _broker.Add(peer);
        _clientLinks.Add(link);
        ControlLog.ClientJoined(_logger, client, credentials.ProcessId, credentials.UserId);
        link.Welcome();
        PublishDirectory();
        _events.OnClientJoined(client, credentials.ProcessId);
    }

    /// <summary>Why no other client has room: a directory that is longer than a peer accepts would end every connection.</summary>
    private string? WhyNoMore(Greeting greeting, int mostClients) =>
        _clientLinks.Count >= mostClients ? $"it has {mostClients} clients, and takes no more (Ipc:Clients:Max)"
        : _clientBytes + SizeOf(greeting) > MostClientBytes ? $"the names of its actions take {SizeOf(greeting)} bytes, those of the other clients {_clientBytes}, and all clients together have {MostClientBytes}"
        : null;

    private static int SizeOf(Greeting greeting) => RowBytes + greeting.Actions.Sum(static action => sizeof(ushort) + System.Text.Encoding.UTF8.GetByteCount(action));

    private void OnReady(ClientLink link)
    {
        if (link.Peer.IsReady)
        {
            return;
        }

        link.Peer.IsReady = true;
        PublishDirectory();
    }

    private void OnClosed(ClientLink link, string reason)
    {
        _clientLinks.Remove(link);
        _clientBytes -= link.GreetingBytes;
        _subscriptions.Gone(link);
        ControlLog.ClientLeft(_logger, link.Peer.Id, reason);
        if (Volatile.Read(ref _disposed) == 0)
        {
            _broker.Left(link.Peer);
            PublishDirectory();
        }

        _events.OnClientLeft(link.Peer.Id, reason);
    }

    private void OnReady(WorkerLink link)
    {
        if (link.Peer.IsReady)
        {
            return;
        }

        link.Peer.IsReady = true;
        PublishDirectory();
        _events.OnWorkerReady(link.Worker);
    }

    /// <summary>On the thread that watches for deaths, which whatever an implementation throws must not end.</summary>
    private void OnDying(PeerId worker)
    {
        try
        {
            _events.OnWorkerDying(worker);
        }
#pragma warning disable CA1031 // As the summary says.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.ActionFailed(_logger, error);
        }
    }

    private void OnHeldClosed(HeldWorker held, string reason)
    {
        _held.Remove(held.Worker);
        ControlLog.WorkerDisconnected(_logger, held.Worker, reason);
        _events.OnWorkerDisconnected(held.Worker);
    }

    private void OnClosed(WorkerLink link, string reason)
    {
        if (link.Peer.Ends == link)
        {
            link.Peer.Ends = null;
            link.Peer.IsReady = false;
            link.Peer.Actions = link.Peer.Greeted;
            _links.Remove(link.Peer);
        }

        _subscriptions.Gone(link);

        ControlLog.WorkerDisconnected(_logger, link.Worker, reason);
        if (Volatile.Read(ref _disposed) == 0)
        {
            PublishDirectory();
        }

        _events.OnWorkerDisconnected(link.Worker);
    }

    private void PublishDirectory() => Publish(new PeerDirectory(_broker.Peers.Select(p => p.ToInfo())), _subscriptions.IsWaiting);

    /// <summary>Sends a directory with other subscriptions, unless it leaves too little room for those that come when processes join.</summary>
    private SubscriptionDesk.Published? PublishSubscriptions()
    {
        var directory = new PeerDirectory(_broker.Peers.Select(p => p.ToInfo()));
        if (DirectoryMessage.Write(directory, 0, wantsAnswer: true).Length > ControlProtocol.MaxPayloadSize / 2)
        {
            return null;
        }

        Publish(directory, wantsAnswer: true);
        return new SubscriptionDesk.Published(_directoryNumber, [.. Links]);
    }

    private void Publish(PeerDirectory directory, bool wantsAnswer)
    {
        _directory = directory;
        byte[] message = DirectoryMessage.Write(directory, ++_directoryNumber, wantsAnswer);
        foreach (PeerLink link in Links)
        {
            link.SendDirectory(message);
        }

        _receiver.OnDirectoryChanged(directory);
    }

    /// <summary>Runs on the control thread and waits for it; short by nature, like everything there.</summary>
    private T Invoke<T>(Func<T> work)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        if (_loop.IsCurrent)
        {
            return work();
        }

        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool isPosted = _loop.Post(() =>
        {
            try
            {
                done.SetResult(work());
            }
#pragma warning disable CA1031 // It belongs to the caller.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.SetException(error);
            }
        });
        ObjectDisposedException.ThrowIf(!isPosted, this);
        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>The supervisor's own lanes: no connection, only a change of thread.</summary>
    private sealed class LocalRequests(SupervisorTransport owner) : ILaneRequests
    {
        public void Open(uint requestId, PeerId remote, LaneKind kind) => owner._loop.Post(() => owner._broker.Open(owner._self, requestId, remote, kind));

        public void Fault(long laneId, string reason) => owner._loop.Post(() => owner._broker.Faulted(owner._self, laneId, reason));

        public void Ended(long laneId) => owner._loop.Post(() => owner._broker.Ended(owner._self, laneId));

        public void Lost(PeerId worker, long count, string reason) => owner._loop.Post(() => owner._broker.Lost(owner._self, worker, count, reason));

        public void WantSegment(long laneId, int length) => owner._loop.Post(() => owner._broker.WantSegment(owner._self, laneId, length));

        public void ReturnSegment(long laneId, uint id) => owner._loop.Post(() => owner._broker.ReturnSegment(owner._self, laneId, id));
    }
}
