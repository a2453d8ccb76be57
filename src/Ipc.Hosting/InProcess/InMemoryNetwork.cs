using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>A whole cluster's transport inside one process: peers join it, and their lanes are bounded queues that the thread pool empties. Thread-safe.</summary>
/// <remarks>
/// The meaning is that of a ring: an inbox belongs to the worker id, answers go from incarnation to incarnation, frames are delivered one at a time and in order for each
/// lane, and never on the sender's thread.
/// </remarks>
internal sealed class InMemoryNetwork
{
    private readonly Lock _gate = new();
    private readonly List<InMemorySlot> _slots = [];
    private readonly Dictionary<(PeerId Writer, PeerId Reader, LaneKind Kind), InMemoryLane> _lanes = [];
    private readonly InMemoryNews _news = new();
    private volatile PeerDirectory _directory = PeerDirectory.Empty;

    /// <summary>Makes a network without peers.</summary>
    /// <param name="limits">What bounds its lanes.</param>
    public InMemoryNetwork(TransportLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        Limits = limits;
    }

    /// <summary>What bounds its lanes.</summary>
    public TransportLimits Limits { get; }

    /// <summary>Everybody, now.</summary>
    public PeerDirectory Directory => _directory;

    /// <summary>Adds a worker id to the directory, with incarnation 0. Adding it twice does nothing.</summary>
    public void AddSlot(string group, int workerId)
    {
        lock (_gate)
        {
            FindOrAdd_NeedsLock(PeerId.Worker(group, workerId, 0));
            Publish_NeedsLock();
        }
    }

    /// <summary>Joins as one incarnation; it takes over what waits in its worker id's inbox.</summary>
    /// <param name="self">The incarnation; its predecessor has left.</param>
    /// <param name="actions">What it listens to.</param>
    /// <param name="receiver">Gets frames and news, on pool threads.</param>
    /// <exception cref="InvalidOperationException">The predecessor is still there.</exception>
    public Transport Join(PeerId self, PeerActions actions, ITransportReceiver receiver)
    {
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(receiver);
        var member = new InMemoryTransport(this, self, receiver);
        InMemoryLane[] inherited;
        lock (_gate)
        {
            InMemorySlot slot = FindOrAdd_NeedsLock(self with { Incarnation = 0 });
            if (slot.Member is not null)
            {
                throw new InvalidOperationException($"{slot.Id} is still there: it has to leave before {self} joins.");
            }

            slot.Id = self;
            slot.Member = member;
            slot.Actions = slot.Greeted = actions;
            slot.IsReady = self.Kind != PeerKind.Worker;
            slot.IsGivenUp = false;
            slot.IsClosing = false;
            inherited = [.. LanesTo_NeedsLock(slot)];
            Publish_NeedsLock();
        }

        foreach (InMemoryLane lane in inherited)
        {
            lane.Attach(self, receiver);
        }

        return member;
    }

    /// <summary>Says that a peer is ready: the directory shows it. Does nothing when that incarnation is not there.</summary>
    public void SetReady(PeerId peer)
    {
        lock (_gate)
        {
            if (Find_NeedsLock(peer) is { Member: not null } slot && slot.Id == peer)
            {
                slot.IsReady = true;
                Publish_NeedsLock();
            }
        }
    }

    /// <summary>Replaces the run-time subscriptions of a peer: at once everybody knows them.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: it has left.</exception>
    public void Announce(PeerId peer, IReadOnlyList<TopicSubscription> subscriptions)
    {
        lock (_gate)
        {
            if (Find_NeedsLock(peer) is not { Member: not null } slot || slot.Id != peer)
            {
                throw new IpcException(IpcError.NotRunning, $"{peer} has stopped.");
            }

            slot.Actions = slot.Greeted.With(subscriptions);
            Publish_NeedsLock();
        }
    }

    /// <summary>The cluster stops: no worker id is a target any more. Lanes that there are take what comes all the same, until <see cref="CloseAsync"/>.</summary>
    public void StopAccepting()
    {
        lock (_gate)
        {
            foreach (InMemorySlot slot in _slots.Where(s => s.Id.Kind == PeerKind.Worker))
            {
                slot.IsClosing = true;
            }

            Publish_NeedsLock();
        }
    }

    /// <summary>The lanes of a kind to an incarnation take nothing more.</summary>
    /// <returns>Completes when what they hold has been taken.</returns>
    public Task CloseAsync(PeerId peer, LaneKind kind)
    {
        lock (_gate)
        {
            return Find_NeedsLock(peer) is { } slot && slot.Id == peer
                ? Task.WhenAll(LanesTo_NeedsLock(slot).Where(l => l.Kind == kind).Select(l => l.CloseAsync()))
                : Task.CompletedTask;
        }
    }

    /// <summary>Ends an incarnation as a crash would: every sender is told, and its inbox waits for the successor or is given up. Does nothing when it is not there.</summary>
    /// <returns>How many frames were dropped with the inbox.</returns>
    public long Leave(PeerId peer, bool keepInbox)
    {
        InMemoryLane[] read;
        lock (_gate)
        {
            InMemorySlot? slot = Find_NeedsLock(peer);
            if (slot?.Member is null || slot.Id != peer)
            {
                return 0;
            }

            slot.Member = null;
            slot.IsReady = false;
            slot.Actions = slot.Greeted;
            slot.IsGivenUp = !keepInbox;
            read = [.. LanesTo_NeedsLock(slot)];
            slot.Orphans.RemoveAll(o => !keepInbox || o.Kind == LaneKind.Answer);
            foreach (InMemoryLane lane in read.Where(l => !keepInbox || l.Kind == LaneKind.Answer))
            {
                _lanes.Remove(lane.Key);
            }

            // What it wrote is still delivered; its lanes take nothing more.
            foreach (InMemoryLane lane in _lanes.Values.Where(l => l.Key.Writer == peer).ToArray())
            {
                lane.EndWriter();
                _lanes.Remove(lane.Key);
                InMemorySlot? readerSlot = Find_NeedsLock(lane.Key.Reader);
                readerSlot?.Orphans.RemoveAll(o => o.IsDrained);
                readerSlot?.Orphans.Add(lane);
            }

            Publish_NeedsLock();
        }

        return read.Sum(lane => lane.Detach(peer, keepInbox && lane.Kind == LaneKind.Inbox, _news));
    }

    /// <summary>Opens a lane; the one that exists already when there is one.</summary>
    internal OutboundLane Open(PeerId writer, PeerId remote, LaneKind kind)
    {
        lock (_gate)
        {
            if (Find_NeedsLock(writer) is not { Member: { } member } own || own.Id != writer)
            {
                throw new IpcException(IpcError.NotRunning, $"{writer} has stopped.");
            }

            InMemorySlot slot = Find_NeedsLock(remote) ?? throw new IpcException(IpcError.NoSuchTarget, $"There is no peer {remote} in this cluster.");
            if (slot.IsGivenUp || (slot.IsClosing && kind == LaneKind.Inbox) || (kind == LaneKind.Answer && (slot.Member is null || slot.Id != remote)))
            {
                throw new IpcException(IpcError.PeerGone, $"{remote} has ended.");
            }

            var key = (writer, kind == LaneKind.Inbox ? slot.Id with { Incarnation = 0 } : remote, kind);
            if (!_lanes.TryGetValue(key, out InMemoryLane? lane))
            {
                lane = new InMemoryLane(key, slot.Id, member.Receiver, Limits, Drop);
                _lanes.Add(key, lane);
                if (slot.Member is { } reader)
                {
                    lane.Attach(slot.Id, reader.Receiver);
                }
            }

            return lane.Outbound;
        }
    }

    /// <summary>A reader dropped a lane.</summary>
    private void Drop(InMemoryLane lane, PeerId reader)
    {
        lock (_gate)
        {
            _lanes.Remove(lane.Key);
        }

        lane.Detach(reader, keep: false, _news);
    }

    private IEnumerable<InMemoryLane> LanesTo_NeedsLock(InMemorySlot slot) =>
        _lanes.Values.Where(l => l.Key.Reader.IsSameSlot(slot.Id)).Concat(slot.Orphans);

    private InMemorySlot? Find_NeedsLock(PeerId peer) => _slots.Find(s => s.Id.IsSameSlot(peer));

    private InMemorySlot FindOrAdd_NeedsLock(PeerId peer)
    {
        InMemorySlot? slot = Find_NeedsLock(peer);
        if (slot is null)
        {
            slot = new InMemorySlot(peer);
            _slots.Add(slot);
        }

        return slot;
    }

    private void Publish_NeedsLock()
    {
        var directory = new PeerDirectory(_slots.Select(s => new PeerInfo(s.Id, s.IsReady, s.Actions, s.IsGivenUp, s.IsClosing)));
        _directory = directory;
        foreach (InMemorySlot slot in _slots)
        {
            if (slot.Member is { } member)
            {
                _news.Tell(() => member.Receiver.OnDirectoryChanged(directory));
            }
        }
    }
}
