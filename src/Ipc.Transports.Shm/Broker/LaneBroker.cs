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
internal sealed class LaneBroker
{
    private readonly TransportLimits _limits;
    private readonly SharedMemoryBudget _budget;
    private readonly ISupervisorEvents _events;
    private readonly ILogger _logger;
    private readonly Dictionary<long, LaneRecord> _lanes = [];
    private readonly List<BrokerPeer> _peers = [];
    private long _lastLane;

    /// <summary>Makes a broker without peers.</summary>
    public LaneBroker(TransportLimits limits, SharedMemoryBudget budget, ISupervisorEvents events, ILogger logger)
    {
        _limits = limits;
        _budget = budget;
        _events = events;
        _logger = logger;
    }

    /// <summary>Every row, the supervisor first.</summary>
    public IReadOnlyList<BrokerPeer> Peers => _peers;

    /// <summary>Adds a row.</summary>
    public void Add(BrokerPeer peer) => _peers.Add(peer);

    /// <summary>The row of a peer, whatever its incarnation.</summary>
    public BrokerPeer? Find(PeerId id)
    {
        foreach (BrokerPeer peer in _peers)
        {
            if (peer.Id.IsSameSlot(id))
            {
                return peer;
            }
        }

        return null;
    }

    /// <summary>Makes what a worker id needs to use rings, where shared memory is to be had.</summary>
    public void PrepareRings(BrokerPeer peer, bool isOwner = false)
    {
        peer.Doorbell ??= _budget.TryCreate(DoorbellSegment.SegmentLength, () => DoorbellSegment.Create(isOwner));
        if (peer.Doorbell is not null && peer.Ledger is null && peer.Id.Kind == PeerKind.Worker)
        {
            peer.Ledger = _budget.TryCreate(LedgerSegment.RequiredBytes, LedgerSegment.Create);
            if (peer.Ledger is null)
            {
                _budget.Release(DoorbellSegment.SegmentLength);
                peer.Doorbell.Dispose();
                peer.Doorbell = null;
            }
        }
    }

    /// <summary>An incarnation has connected: it gets the inboxes that wait for it, and whoever waited for it its lane.</summary>
    public void Connected(BrokerPeer peer)
    {
        foreach (LaneRecord lane in _lanes.Values.Where(l => l.ReaderPeer == peer && l.Reader is null).ToArray())
        {
            HandReaderEnd(lane);
        }

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

    /// <summary>A peer asks for a lane.</summary>
    public void Open(BrokerPeer requester, uint requestId, PeerId remote, LaneKind kind)
    {
        if (requester.Ends is not { } ends)
        {
            return;
        }

        BrokerPeer? reader = Find(remote);
        if (reader is null)
        {
            ends.OnRefused(requestId, IpcError.NoSuchTarget, $"There is no peer {remote} in this cluster.");
            return;
        }

        if (kind == LaneKind.Answer && (reader.Ends is null || reader.Id != remote))
        {
            ends.OnRefused(requestId, IpcError.PeerGone, $"{remote} has ended: an answer to it reaches nobody.");
            return;
        }

        if (reader.IsGivenUp)
        {
            ends.OnRefused(requestId, IpcError.PeerGone, $"{remote.Group}/{remote.WorkerId} has ended and will not be started again.");
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
        if (!_lanes.TryGetValue(laneId, out LaneRecord? lane) || lane.ReaderPeer != reader)
        {
            return;
        }

        ControlLog.LaneFaulted(_logger, reader.Id, lane.Kind, lane.Writer, reason);
        Remove(lane);
        if (lane.WriterLives)
        {
            lane.WriterPeer.Ends!.OnFaulted(laneId, reason);
        }
    }

    /// <summary>A reader has read a lane to its end.</summary>
    public void Ended(BrokerPeer reader, long laneId)
    {
        if (_lanes.TryGetValue(laneId, out LaneRecord? lane) && lane.ReaderPeer == reader && (lane.Ring is null || lane.Ring.IsClosed))
        {
            // A pipe ends before the broker hears of its reader's death: that record is still needed to tell the writer.
            if (lane.Ring is not null || !lane.WriterLives)
            {
                Remove(lane);
            }
        }
    }

    /// <summary>Frames were lost, as their sender says.</summary>
    public void Lost(PeerId sender, PeerId worker, long count, string reason)
    {
        ControlLog.MessagesLost(_logger, count, sender, worker, reason);
        _events.OnMessagesLost(worker, sender.ToString(), count, reason);
    }

    /// <summary>An incarnation's process has ended.</summary>
    /// <param name="peer">Its row.</param>
    /// <param name="dead">The incarnation.</param>
    /// <param name="keepInbox">Whether a successor comes.</param>
    public void Exited(BrokerPeer peer, PeerId dead, bool keepInbox)
    {
        peer.IsGivenUp = !keepInbox;
        bool ringsGoOn = keepInbox;
        LaneRecord[] read = [.. _lanes.Values.Where(l => l.ReaderPeer == peer && (l.Reader == dead || (l.Reader is null && !keepInbox)))];
        LaneRecord[] written = [.. _lanes.Values.Where(l => l.Writer == dead)];
        PostMortemReport? report = null;

        // A process that ended before it connected has touched nothing.
        if (peer.Id == dead)
        {
            peer.Ends = null;
            peer.IsReady = false;
            report = RunPostMortem(peer, dead, read, written);
            foreach (LaneRecord lane in written.Where(l => l.Ring is not null))
            {
                lane.Ring!.WriterDoorbell = null;
            }

            ringsGoOn = RenewDoorbell(peer) && keepInbox;
        }

        Dictionary<long, long> taken = report?.Taken.ToDictionary(t => t.Ring.RingId, t => t.Position) ?? [];
        foreach (LaneRecord lane in read)
        {
            bool goesOn = lane is { Kind: LaneKind.Inbox, Ring.Broken: null } && ringsGoOn;
            if (lane.Ring is not null)
            {
                lane.Reader = null;
                lane.Ring.ReaderDoorbell = goesOn ? peer.Doorbell : null;
            }

            ReportAbandoned(lane, peer, dead, goesOn);
            if (lane.WriterLives)
            {
                FileDescriptor[] doorbell = goesOn ? [FileDescriptor.Duplicate(peer.Doorbell!.Descriptor)] : [];
                long position = taken.GetValueOrDefault(lane.LaneId, long.MaxValue);
                lane.WriterPeer.Ends!.OnReaderGone(lane.LaneId, dead, position, goesOn, doorbell);
            }

            if (!goesOn || (lane.Ring is { IsClosed: true, IsDrained: true }))
            {
                Remove(lane);
            }
        }

        TellInterrupted(dead, report);
        foreach (LaneRecord lane in written)
        {
            // A lane to itself has been removed with what it read.
            if (!_lanes.ContainsKey(lane.LaneId))
            {
                continue;
            }

            // A reader drains what was published and says so; where nobody reads, or a pipe ends by itself, there is nothing to wait for.
            if (lane.Ring is null || (lane.Reader is null && lane.Ring.IsDrained))
            {
                Remove(lane);
            }
        }

        if (!keepInbox)
        {
            RefuseWaiting(peer);
            ReleaseRings(peer);
        }
    }

    /// <summary>Lets go of everything.</summary>
    public void Dispose()
    {
        foreach (LaneRecord lane in _lanes.Values.ToArray())
        {
            // The supervisor's own doorbell belongs to its reader loop, which has ended before.
            if (lane.Ring is { } ring)
            {
                ring.WriterDoorbell = lane.Writer.Kind == PeerKind.Supervisor ? null : ring.WriterDoorbell;
                ring.ReaderDoorbell = lane.ReaderPeer.Id.Kind == PeerKind.Supervisor ? null : ring.ReaderDoorbell;
            }

            Remove(lane);
        }

        foreach (BrokerPeer peer in _peers.Where(p => p.Id.Kind == PeerKind.Worker))
        {
            ReleaseRings(peer);
        }
    }

    private static void RefuseWaiting(BrokerPeer peer)
    {
        foreach (PendingOpen open in peer.Waiting)
        {
            if (open.Requester.Id == open.Writer)
            {
                open.Requester.Ends?.OnRefused(
                    open.RequestId, IpcError.PeerGone, $"{peer.Id.Group}/{peer.Id.WorkerId} has ended and will not be started again.");
            }
        }

        peer.Waiting.Clear();
    }

    private void ReleaseRings(BrokerPeer peer)
    {
        if (peer.Doorbell is { } doorbell)
        {
            _budget.Release(DoorbellSegment.SegmentLength);
            doorbell.Dispose();
            peer.Doorbell = null;
        }

        if (peer.Ledger is { } ledger)
        {
            _budget.Release(LedgerSegment.RequiredBytes);
            ledger.Dispose();
            peer.Ledger = null;
        }
    }

    /// <summary>What waited in an inbox that nobody is going to read is lost; the requests among it fail at their askers.</summary>
    private void ReportAbandoned(LaneRecord lane, BrokerPeer peer, PeerId dead, bool goesOn)
    {
        if (goesOn || lane is not { Kind: LaneKind.Inbox, Ring: { } ring })
        {
            return;
        }

        ring.Close();
        long count = AbandonedInbox.CountMessages(ring, peer.Ledger);
        if (count > 0)
        {
            Lost(lane.Writer, dead, count, $"{dead.Group}/{dead.WorkerId} will not be started again");
        }
    }

    private PostMortemReport? RunPostMortem(BrokerPeer peer, PeerId dead, LaneRecord[] read, LaneRecord[] written)
    {
        RingSegment[] readRings = [.. read.Where(l => l.Reader == dead && l.Ring is not null).Select(l => l.Ring!)];
        RingSegment[] writtenRings = [.. written.Where(l => l.Ring is not null).Select(l => l.Ring!)];
        if (readRings.Length == 0 && writtenRings.Length == 0 && peer.Ledger is null)
        {
            return null;
        }

        PostMortemReport report = PostMortem.Run(readRings, writtenRings, peer.Ledger);
        foreach (RingSegment ring in readRings)
        {
            if (ring.Broken is { } reason)
            {
                ControlLog.LaneFaulted(_logger, dead, ring.Kind, ring.Sender, reason);
            }
        }

        foreach (LostMessages lost in report.Lost)
        {
            string action = peer.Actions.Names.FirstOrDefault(n => ActionHash.Compute(n) == lost.ActionHash) ?? $"{lost.ActionHash:x16}";
            ControlLog.MessagesLost(_logger, lost.Count, lost.Sender, dead, $"their listener for \"{action}\" had started");
            _events.OnMessagesLost(dead, action, lost.Count, $"sent by {lost.Sender}; their listener had started when the process ended");
        }

        return report;
    }

    private void TellInterrupted(PeerId dead, PostMortemReport? report)
    {
        foreach (IGrouping<PeerId, InterruptedRequest> asked in (report?.Interrupted ?? []).GroupBy(r => r.Asker))
        {
            if (Find(asked.Key) is { Ends: { } ends } asker && asker.Id == asked.Key)
            {
                ends.OnInterrupted(dead, [.. asked.Select(r => r.Correlation)]);
            }
        }
    }

    /// <summary>A doorbell belongs to one incarnation: its episodes must not be taken for the next one's.</summary>
    private bool RenewDoorbell(BrokerPeer peer)
    {
        if (peer.Doorbell is null)
        {
            return false;
        }

        _budget.Release(DoorbellSegment.SegmentLength);
        peer.Doorbell.Dispose();
        peer.Doorbell = null;
        PrepareRings(peer);
        return peer.Doorbell is not null;
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

        foreach (LaneRecord lane in _lanes.Values.Where(l => l.Writer == writer.Id && l.ReaderPeer == reader && l.Kind == kind).ToArray())
        {
            if (lane.Ring is not { } ring)
            {
                writer.Ends?.OnReaderGone(lane.LaneId, lane.Reader ?? reader.Id, long.MaxValue, inboxKept: false, []);
                Remove(lane);
            }
            else if (ring.IsClosed)
            {
                return false;
            }
            else
            {
                // What was published is still read; the reader says when.
                ring.Close();
                if (lane.Reader is null)
                {
                    Remove(lane);
                }
            }
        }

        return true;
    }

    private bool TryOpenRing(BrokerPeer writer, BrokerPeer reader, uint requestId, LaneKind kind)
    {
        if (writer.Doorbell is null || reader.Doorbell is null)
        {
            return false;
        }

        long laneId = ++_lastLane;
        RingSegment? ring = _budget.TryCreate(
            RingSegment.RequiredBytes(kind, _limits), () => RingSegment.Create(laneId, writer.Id, reader.Id, kind, _limits));
        if (ring is null)
        {
            return false;
        }

        ring.WriterDoorbell = writer.Doorbell;
        ring.ReaderDoorbell = reader.Doorbell;
        var lane = new LaneRecord { LaneId = laneId, Kind = kind, Writer = writer.Id, WriterPeer = writer, ReaderPeer = reader, Ring = ring };
        _lanes.Add(laneId, lane);
        if (reader.Ends is not null)
        {
            HandReaderEnd(lane);
        }

        writer.Ends!.OnOpened(
            requestId,
            new LaneDescription(laneId, kind, LaneBacking.SharedMemory, reader.Id, ring.Length),
            [FileDescriptor.Duplicate(ring.Descriptor), FileDescriptor.Duplicate(reader.Doorbell.Descriptor)]);
        return true;
    }

    private static void HandReaderEnd(LaneRecord lane)
    {
        RingSegment ring = lane.Ring!;
        lane.Reader = lane.ReaderPeer.Id;

        // A writer that has died has closed the ring: nobody is to be rung, and any doorbell will do.
        DoorbellSegment writer = (lane.WriterLives ? ring.WriterDoorbell : null) ?? lane.ReaderPeer.Doorbell!;
        lane.ReaderPeer.Ends!.OnInbound(
            new LaneDescription(lane.LaneId, lane.Kind, LaneBacking.SharedMemory, lane.Writer, ring.Length),
            [FileDescriptor.Duplicate(ring.Descriptor), FileDescriptor.Duplicate(writer.Descriptor)]);
    }

    private void OpenPipe(BrokerPeer writer, BrokerPeer reader, uint requestId, LaneKind kind)
    {
        if (reader.Ends is null)
        {
            reader.Waiting.Add(new PendingOpen(writer, writer.Id, requestId, kind));
            return;
        }

        long laneId = ++_lastLane;
        (FileDescriptor writing, FileDescriptor reading) = UnixSocket.CreatePair();
        _lanes.Add(laneId, new LaneRecord
        {
            LaneId = laneId, Kind = kind, Writer = writer.Id, WriterPeer = writer, ReaderPeer = reader, Reader = reader.Id,
        });
        reader.Ends.OnInbound(new LaneDescription(laneId, kind, LaneBacking.Pipe, writer.Id, 0), [reading]);
        writer.Ends!.OnOpened(requestId, new LaneDescription(laneId, kind, LaneBacking.Pipe, reader.Id, 0), [writing]);
    }

    private void Remove(LaneRecord lane)
    {
        if (_lanes.Remove(lane.LaneId) && lane.Ring is { } ring)
        {
            ring.Close();
            _budget.Release(RingSegment.RequiredBytes(lane.Kind, _limits));
            ring.Dispose();
        }
    }
}
