using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>
/// Makes lanes and hands their ends out; keeps the rings of a dead worker for its successor. An inbox is keyed (writing incarnation, reading worker id), answers
/// (incarnation, incarnation): a successor never continues on what its predecessor was writing, and never sees its answers. Control thread only.
/// </summary>
internal sealed partial class LaneBroker
{
    /// <summary>Pipes of one kind between two incarnations that their reader has not read to the end: a writer that loses one after the other has two at a time.</summary>
    private const int MaxPipes = 8;

    /// <summary>What a sender is believed to have lost in one pipe: more than its window and the most that a reader may hold of one sender.</summary>
    private const long MaxLostInPipe = 128 << 10;

    private readonly TransportLimits _limits;
    private readonly LaneRegistry _registry;
    private readonly IncarnationEnd _end;
    private readonly ILogger _logger;

    /// <summary>Makes a broker without peers.</summary>
    public LaneBroker(TransportLimits limits, SharedMemoryBudget budget, ISupervisorEvents events, ILogger logger)
    {
        _limits = limits;
        _registry = new LaneRegistry(limits, budget, events, logger);
        _end = new IncarnationEnd(_registry, logger);
        _logger = logger;
    }

    /// <summary>Every row, the supervisor first.</summary>
    public IReadOnlyList<BrokerPeer> Peers => _registry.Peers;

    /// <summary>Adds a row.</summary>
    public void Add(BrokerPeer peer) => _registry.Add(peer);

    /// <summary>The row of a peer, whatever its incarnation.</summary>
    public BrokerPeer? Find(PeerId id) => _registry.Find(id);

    /// <summary>An incarnation has connected: it gets the inboxes that wait for it, and whoever waited for it its lane.</summary>
    public void Connected(BrokerPeer peer)
    {
        foreach (LaneRecord lane in _registry.Where(l => l.ReaderPeer == peer && l.Reader is null))
        {
            HandReaderEnd(lane);
        }

        OpenAnswers(peer);
        PendingOpen[] waiting = [.. peer.Waiting];
        peer.Waiting.Clear();
        foreach (PendingOpen open in waiting)
        {
            if (open.Requester.Ends is not null && open.Requester.Id == open.Writer)
            {
                Open(open.Requester, open.RequestId, peer.Id, open.Kind);
            }
        }
    }

    /// <summary>
    /// The present incarnation of a worker id makes place: for its successor, who gets what its rings hold and all that comes later; or, when the id is taken away, for nobody, and
    /// then it reads its inboxes to their end. It reads pipes to their end in any case, for a pipe ends with its reader.
    /// </summary>
    /// <returns>Completes when that is done, or the incarnation has ended.</returns>
    public Task Leave(BrokerPeer peer, bool isClosing)
    {
        peer.IsLeaving = true;
        peer.IsClosing |= isClosing;
        peer.Emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        foreach (LaneRecord lane in _registry.Where(l => l.ReaderPeer == peer && l.Kind == LaneKind.Inbox))
        {
            if (lane.Ring is { } ring)
            {
                if (isClosing)
                {
                    ring.Close();
                    if (lane.Reader is null)
                    {
                        _registry.Abandon(lane, peer.Id, ledger: null, "its worker id was taken away");
                        _registry.Remove(lane);
                    }
                }
            }
            else if (lane.WriterLives && (isClosing || lane.WriterPeer != peer))
            {
                lane.WriterPeer.Ends!.OnReaderLeaving(lane.LaneId); // to itself it goes on sending: it would wait for its own end
            }
        }

        if (isClosing)
        {
            IncarnationEnd.RefuseWaiting(peer);
        }

        CompleteWhenEmpty(peer);
        return peer.Emptied.Task;
    }

    /// <summary>A peer asks for a lane.</summary>
    public void Open(BrokerPeer requester, uint requestId, PeerId remote, LaneKind kind)
    {
        if (requester.Ends is not { } ends)
        {
            return;
        }

        BrokerPeer? reader = _registry.Find(remote);
        if (reader is null)
        {
            (IpcError error, string why) = remote.Kind == PeerKind.Client
                ? (IpcError.PeerGone, IncarnationEnd.WhyGone(remote))
                : (IpcError.NoSuchTarget, $"There is no peer {remote} in this cluster.");
            ends.OnRefused(requestId, error, why);
            return;
        }

        if (kind == LaneKind.Answer && (reader.Ends is null || reader.Id != remote))
        {
            ends.OnRefused(requestId, IpcError.PeerGone, $"{remote} has ended: an answer to it reaches nobody.");
            return;
        }

        if (kind == LaneKind.Inbox && reader is { IsLeaving: true, IsClosing: false } && requester != reader)
        {
            if (reader.Waiting.Any(w => w.Requester == requester && w.Writer == requester.Id && w.Kind == kind))
            {
                ends.OnRefused(requestId, IpcError.NotRunning, $"{requester.Id} has asked for a lane to {remote} before, and that one is not there yet.");
                return;
            }

            reader.Waiting.Add(new PendingOpen(requester, requester.Id, requestId, kind)); // for the successor
            return;
        }

        if (reader.IsGivenUp || (reader.IsClosing && kind == LaneKind.Inbox))
        {
            ends.OnRefused(requestId, IpcError.PeerGone, reader.IsGivenUp
                ? IncarnationEnd.WhyGone(remote)
                : $"{remote.Group}/{remote.WorkerId} is being stopped and takes no more messages.");
            return;
        }

        if (!TryDropDuplicate(requester, reader, kind))
        {
            ends.OnRefused(requestId, IpcError.NotRunning, $"{requester.Id} has asked for a lane to {remote} before, and that one has not come to its end.");
            return;
        }

        try
        {
            if (!TryOpenRing(requester, reader, requestId, kind))
            {
                OpenPipe(requester, reader, requestId, kind);
            }
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            // Most likely out of descriptors: this lane cannot be, the others go on.
            TryDropDuplicate(requester, reader, kind);
            ends.OnRefused(requestId, IpcError.NotRunning, $"The supervisor could not make a lane to {remote}: {error.Message}");
        }
    }

    /// <summary>A reader drops a lane.</summary>
    public void Faulted(BrokerPeer reader, long laneId, string reason)
    {
        if (_registry.Find(laneId) is not { } lane || lane.ReaderPeer != reader)
        {
            return;
        }

        ControlLog.LaneFaulted(_logger, reader.Id, lane.Kind, lane.Writer, reason);

        // What it has taken it still finishes; what it has not taken nobody reads any more.
        _registry.Abandon(lane, reader.Id, ledger: null, $"{reader.Id} dropped the lane: {reason}");
        _registry.Remove(lane);
        if (lane.WriterLives)
        {
            lane.NoteEnd();
            lane.WriterPeer.Ends!.OnFaulted(laneId, reason);
        }

        CompleteWhenEmpty(reader);
    }

    /// <summary>A reader has read a lane to its end.</summary>
    public void Ended(BrokerPeer reader, long laneId)
    {
        if (_registry.Find(laneId) is not { } lane || lane.ReaderPeer != reader || lane.Ring is { IsClosed: false })
        {
            return;
        }

        lane.IsReadToItsEnd = true;
        if (!lane.WriterLives || (lane.Ring is not null && !(reader.IsClosing && lane.Kind == LaneKind.Inbox)))
        {
            _registry.Remove(lane);
        }
        else if (lane.IsReplaced)
        {
            _registry.Remove(lane);
            TellReplaced(lane);
        }

        // Else its writer is told when it, who closed it, asks for another, or when its reader, which was leaving, has ended.
        CompleteWhenEmpty(reader);
    }

    /// <summary>A ring's reader says that it is read to its end before the last listener has ended, a pipe's after it: what runs is waited for by whoever stops the process.</summary>
    private void CompleteWhenEmpty(BrokerPeer reader)
    {
        if (reader is { IsLeaving: true, Emptied: { } emptied }
            && _registry.Where(l => l.ReaderPeer == reader && l.Kind == LaneKind.Inbox && !l.IsReadToItsEnd
                && (reader.IsClosing || (l.Ring is null && l.WriterPeer != reader)) && (l.Ring is not null || l.WriterLives)).Length == 0)
        {
            emptied.TrySetResult();
        }
    }

    /// <summary>Frames were lost in a pipe that has ended, as their sender says; only it knows how many it had sent.</summary>
    /// <returns>Nothing, or what is wrong with that.</returns>
    public string? Lost(BrokerPeer sender, PeerId worker, long count, string reason)
    {
        if (!sender.OwedReports.Remove(worker, out int owed))
        {
            return $"it reports messages as lost of a pipe to {worker} that has not ended";
        }

        if (owed > 1)
        {
            sender.OwedReports.Add(worker, owed - 1);
        }

        if (count > 0)
        {
            _registry.Lost(sender.Id, worker, Math.Min(count, MaxLostInPipe), reason);
        }

        return null;
    }

    /// <summary>An incarnation's process has ended.</summary>
    /// <param name="peer">Its row.</param>
    /// <param name="dead">The incarnation.</param>
    /// <param name="keepInbox">Whether a successor comes.</param>
    public void Exited(BrokerPeer peer, PeerId dead, bool keepInbox)
    {
        _end.Settle(peer, dead, keepInbox);
        foreach (BrokerPeer other in Peers)
        {
            CompleteWhenEmpty(other); // it may have been the last who had a pipe to it
        }
    }

    /// <summary>A client's connection has ended, and with it the client.</summary>
    public void Left(BrokerPeer client)
    {
        Exited(client, client.Id, keepInbox: false);
        _registry.Remove(client);
    }

    /// <summary>What a worker has to do.</summary>
    public WorkerLoad Inspect(PeerId worker)
    {
        if (Find(worker) is not { } peer || peer.Id != worker)
        {
            return new WorkerLoad([], 0, HasPipes: false);
        }

        IEnumerable<RingSegment> rings = _registry.Where(l => l.ReaderPeer == peer && l is { Kind: LaneKind.Inbox, Ring: not null }).Select(l => l.Ring!);
        (Dictionary<ulong, int> running, long waiting) = InboxLook.Take(rings, peer.Ledger, worker.Incarnation);
        return new WorkerLoad([.. running.Select(r => new ActionCount(peer.NameOf(r.Key), r.Value))], waiting, _registry.Where(l => l.ReaderPeer == peer && l is { Kind: LaneKind.Inbox, Ring: null }).Length > 0);
    }

    /// <summary>Lets go of everything.</summary>
    public void Dispose()
    {
        foreach (LaneRecord lane in _registry.Where(static _ => true))
        {
            // The supervisor's own doorbell belongs to its reader loop, which has ended before.
            if (lane.Ring is { } ring)
            {
                ring.WriterDoorbell = lane.Writer.Kind == PeerKind.Supervisor ? null : ring.WriterDoorbell;
                ring.ReaderDoorbell = lane.ReaderPeer.Id.Kind == PeerKind.Supervisor ? null : ring.ReaderDoorbell;
            }

            _registry.Remove(lane);
        }

        foreach (BrokerPeer peer in Peers.Where(p => p.Id.Kind != PeerKind.Supervisor))
        {
            peer.ReleaseRings(_registry.Budget);
        }
    }

    /// <summary>
    /// A writer has one lane of a kind to a reader. One that asks again has lost its lane, for example a pipe that broke before its reader's death was known; one that
    /// asks and asks may not pile up rings that others could use.
    /// </summary>
    private bool TryDropDuplicate(BrokerPeer writer, BrokerPeer reader, LaneKind kind)
    {
        if (reader.Waiting.Any(w => w.Requester == writer && w.Writer == writer.Id && w.Kind == kind))
        {
            return false;
        }

        LaneRecord[] earlier = _registry.Where(l => l.Writer == writer.Id && l.ReaderPeer == reader && l.Kind == kind);
        if (earlier.Count(static l => l is { Ring: null, IsReadToItsEnd: false }) >= MaxPipes)
        {
            return false; // each is a descriptor in the reading process
        }

        foreach (LaneRecord lane in earlier)
        {
            if (lane.Ring is not { } ring)
            {
                // Most likely its reader has died: then the answers that it had sent are to be read before its requests fail, as the news of its exit see to.
                if (lane.IsReadToItsEnd)
                {
                    _registry.Remove(lane);
                    TellReplaced(lane);
                }
                else if (lane.IsReplaced)
                {
                    TellReplaced(lane); // it is counted until its reader says that it has come to the end
                }
                else
                {
                    lane.IsReplaced = true;
                }
            }
            else if (ring.IsClosed)
            {
                return false;
            }
            else
            {
                // What was published is still read, by a successor too; the reader says when.
                ring.Close();
                if (lane.Reader is null && ring.IsDrained)
                {
                    _registry.Remove(lane);
                }
            }
        }

        return true;
    }

    /// <summary>A pipe that its writer has given up, and whose reader lives.</summary>
    private static void TellReplaced(LaneRecord lane)
    {
        if (!lane.IsToldOfEnd && lane.WriterLives)
        {
            lane.NoteEnd();
            lane.WriterPeer.Ends!.OnFaulted(lane.LaneId, "its writer has asked for another");
        }
    }

    /// <summary>Who answers for the first time asks for a lane and waits for it. A successor is spared that towards those whom its predecessor has answered.</summary>
    private void OpenAnswers(BrokerPeer peer)
    {
        try
        {
            foreach (PeerId asker in peer.Answered)
            {
                if (_registry.Find(asker) is { Ends: not null } reader && reader.Id == asker)
                {
                    TryOpenRing(peer, reader, LaneDescription.NotAskedFor, LaneKind.Answer);
                }
            }
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Most likely out of descriptors. It asks when it needs one, and is told why it cannot be.
        }
        finally
        {
            peer.Answered = [];
        }
    }

    private bool TryOpenRing(BrokerPeer writer, BrokerPeer reader, uint requestId, LaneKind kind)
    {
        bool isForClient = writer.Id.Kind == PeerKind.Client || reader.Id.Kind == PeerKind.Client;
        if (writer.Doorbell is null || reader.Doorbell is null || (isForClient && _registry.Budget.IsHalfUsed))
        {
            return false;
        }

        long laneId = _registry.NextLaneId();
        RingSegment? ring = _registry.Budget.TryCreate(
            RingSegment.RequiredBytes(kind, _limits), () => RingSegment.Create(laneId, writer.Id, reader.Id, kind, _limits));
        if (ring is null)
        {
            return false;
        }

        ring.WriterDoorbell = writer.Doorbell;
        ring.ReaderDoorbell = reader.Doorbell;
        var lane = new LaneRecord { LaneId = laneId, Kind = kind, Writer = writer.Id, WriterPeer = writer, ReaderPeer = reader, Ring = ring };
        _registry.Add(lane);
        if (reader.Ends is not null)
        {
            HandReaderEnd(lane);
        }

        writer.Ends!.OnOpened(
            requestId,
            new LaneDescription(laneId, kind, LaneBacking.SharedMemory, reader.Id, ring.Length),
            FileDescriptor.DuplicateAll(ring.Descriptor, reader.Doorbell.Descriptor));
        return true;
    }

    private static void HandReaderEnd(LaneRecord lane)
    {
        RingSegment ring = lane.Ring!;

        // A writer that has died has closed the ring: nobody is to be rung, and any doorbell will do.
        DoorbellSegment writer = (lane.WriterLives ? ring.WriterDoorbell : null) ?? lane.ReaderPeer.Doorbell!;
        FileDescriptor[] descriptors = FileDescriptor.DuplicateAll(ring.Descriptor, writer.Descriptor);
        lane.Reader = lane.ReaderPeer.Id;
        lane.ReaderPeer.Ends!.OnInbound(
            new LaneDescription(lane.LaneId, lane.Kind, LaneBacking.SharedMemory, lane.Writer, ring.Length), descriptors);
        HandSegments(lane);
    }

    private void OpenPipe(BrokerPeer writer, BrokerPeer reader, uint requestId, LaneKind kind)
    {
        if (reader.Ends is null)
        {
            reader.Waiting.Add(new PendingOpen(writer, writer.Id, requestId, kind));
            return;
        }

        long laneId = _registry.NextLaneId();
        (FileDescriptor writing, FileDescriptor reading) = UnixSocket.CreatePair();
        _registry.Add(new LaneRecord
        {
            LaneId = laneId, Kind = kind, Writer = writer.Id, WriterPeer = writer, ReaderPeer = reader, Reader = reader.Id,
        });
        reader.Ends.OnInbound(new LaneDescription(laneId, kind, LaneBacking.Pipe, writer.Id, 0), [reading]);
        writer.Ends!.OnOpened(requestId, new LaneDescription(laneId, kind, LaneBacking.Pipe, reader.Id, 0), [writing]);
    }
}
