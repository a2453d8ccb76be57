using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>
/// Accounts for the end of one incarnation: settles what it has left, tells every sender how far it had come, and keeps its inboxes for the successor or gives them
/// up. Control thread only.
/// </summary>
internal sealed class IncarnationEnd
{
    private static readonly Dictionary<ulong, int> NothingRan = [];

    private readonly LaneRegistry _registry;
    private readonly ILogger _logger;

    /// <summary>Makes it.</summary>
    public IncarnationEnd(LaneRegistry registry, ILogger logger)
    {
        _registry = registry;
        _logger = logger;
    }

    /// <summary>An incarnation's process has ended. Saying it again changes nothing, except that an inbox that was kept may be given up as long as no successor is announced.</summary>
    /// <param name="peer">Its row.</param>
    /// <param name="dead">The incarnation.</param>
    /// <param name="keepInbox">Whether a successor comes.</param>
    public void Settle(BrokerPeer peer, PeerId dead, bool keepInbox)
    {
        bool isRepeated = dead.Incarnation <= peer.LastEnded;
        if (isRepeated && (keepInbox || dead.Incarnation < peer.Newest))
        {
            return;
        }

        peer.LastEnded = Math.Max(peer.LastEnded, dead.Incarnation);
        peer.IsGivenUp = !keepInbox;

        // A process that ended before it connected has touched nothing.
        bool wasConnected = peer.Id == dead && !isRepeated;

        // A lane without a reader was opened after the connection was lost: its writer rings the dead incarnation's doorbell too.
        LaneRecord[] read = _registry.Where(l => l.ReaderPeer == peer && (l.Reader == dead || (l.Reader is null && (wasConnected || !keepInbox))));
        LaneRecord[] written = _registry.Where(l => l.Writer == dead);
        PostMortemReport? report = null;
        string? ended = keepInbox ? null : dead.Kind == PeerKind.Client ? $"{dead} has left" : $"{dead.Group}/{dead.WorkerId} will not be started again";
        if (wasConnected)
        {
            peer.Ends = null;
            peer.IsReady = false;
            peer.IsLeaving = false;
            peer.Emptied?.TrySetResult();
            peer.Emptied = null;
            peer.OwedReports.Clear();
            peer.Answered = [.. written.Where(l => l is { Kind: LaneKind.Answer, Ring: not null }).Select(l => l.Reader).OfType<PeerId>().Distinct()];
            report = RunPostMortem(peer, dead, read, written);
            foreach (LaneRecord lane in written.Where(l => l.Ring is not null))
            {
                lane.Ring!.WriterDoorbell = null;
            }

            if (!peer.TryRenewDoorbell(_registry.Budget))
            {
                ended ??= $"{dead.Group}/{dead.WorkerId} has no shared memory for its next incarnation";
            }
        }

        Dictionary<long, long> taken = report?.Taken.ToDictionary(t => t.Ring.RingId, t => t.Position) ?? [];
        foreach (LaneRecord lane in read)
        {
            long position = taken.GetValueOrDefault(lane.LaneId, lane.Reader is null ? 0 : long.MaxValue);
            bool goesOn = ended is null && lane is { Kind: LaneKind.Inbox, Ring.Broken: null } && TryKeep(lane, peer, dead, position);
            if (!goesOn)
            {
                End(lane, peer, dead, position, ended ?? lane.Ring?.Broken ?? "the sender could not be told of its reader's successor");
            }
            else if (lane.Ring is { IsClosed: true, IsDrained: true })
            {
                _registry.Remove(lane);
            }
        }

        TellInterrupted(dead, report);
        foreach (LaneRecord lane in written)
        {
            // A lane to itself has been removed with what it read.
            if (_registry.Find(lane.LaneId) is null)
            {
                continue;
            }

            // A reader drains what was published and says so; where nobody reads, or a pipe ends by itself, there is nothing to wait for.
            if (lane.Ring is null || (lane.Reader is null && lane.Ring.IsDrained))
            {
                _registry.Remove(lane);
            }
        }

        if (!keepInbox)
        {
            RefuseWaiting(peer);
            peer.ReleaseRings(_registry.Budget);
        }

        _registry.Settled(dead, [.. (report?.Running ?? NothingRan).Select(r => new ActionCount(peer.NameOf(r.Key), r.Value))]);
    }

    /// <summary>An inbox waits for the successor; its writer rings that one's doorbell from now on.</summary>
    /// <returns>False when the writer could not be told: this lane cannot go on, the others do.</returns>
    private bool TryKeep(LaneRecord lane, BrokerPeer peer, PeerId dead, long takenPosition)
    {
        lane.Reader = null;
        lane.Ring!.ReaderDoorbell = peer.Doorbell;
        return TryTellWriter(lane, dead, takenPosition, peer.Doorbell);
    }

    /// <summary>A lane ends with its reader.</summary>
    private void End(LaneRecord lane, BrokerPeer peer, PeerId dead, long takenPosition, string reason)
    {
        if (lane.Ring is { } ring)
        {
            ring.ReaderDoorbell = null;
        }

        _registry.Abandon(lane, dead, peer.Ledger, reason);
        TryTellWriter(lane, dead, takenPosition, successor: null);
        _registry.Remove(lane);
    }

    private bool TryTellWriter(LaneRecord lane, PeerId dead, long takenPosition, DoorbellSegment? successor)
    {
        try
        {
            if (lane.WriterLives)
            {
                if (successor is null)
                {
                    lane.NoteEnd();
                }

                FileDescriptor[] doorbell = successor is null ? [] : [FileDescriptor.Duplicate(successor.Descriptor)];
                lane.WriterPeer.Ends!.OnReaderGone(lane.LaneId, dead, takenPosition, inboxKept: successor is not null, doorbell);
            }

            return true;
        }
#pragma warning disable CA1031 // One lane's trouble, for example no descriptor left, must not leave the rest of a death unaccounted for.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.WriterNotTold(_logger, error, lane.Writer, lane.Kind, dead);
            return false;
        }
    }

    /// <summary>Says that nobody comes any more.</summary>
    public static string WhyGone(PeerId peer) =>
        peer.Kind == PeerKind.Client ? $"{peer} has left." : $"{peer.Group}/{peer.WorkerId} has ended and will not be started again.";

    /// <summary>Nobody comes any more who could read the lanes that were asked for.</summary>
    public static void RefuseWaiting(BrokerPeer peer)
    {
        foreach (PendingOpen open in peer.Waiting)
        {
            if (open.Requester.Id == open.Writer)
            {
                open.Requester.Ends?.OnRefused(
                    open.RequestId, IpcError.PeerGone, WhyGone(peer.Id));
            }
        }

        peer.Waiting.Clear();
    }

    private PostMortemReport? RunPostMortem(BrokerPeer peer, PeerId dead, LaneRecord[] read, LaneRecord[] written)
    {
        RingSegment[] readRings = [.. read.Where(l => l.Ring is not null).Select(l => l.Ring!)];
        RingSegment[] writtenRings = [.. written.Where(l => l.Ring is not null).Select(l => l.Ring!)];
        if (readRings.Length == 0 && writtenRings.Length == 0 && peer.Ledger is null)
        {
            return null;
        }

        PostMortemReport report = PostMortem.Run(readRings, writtenRings, peer.Ledger, FindLiving(peer, dead));
        foreach (RingSegment ring in readRings)
        {
            if (ring.Broken is { } reason)
            {
                ControlLog.LaneFaulted(_logger, dead, ring.Kind, ring.Sender, reason);
            }
        }

        foreach (LostMessages lost in report.Lost)
        {
            string action = peer.NameOf(lost.ActionHash);
            string reason = lost.AreUnreadable
                ? "they waited, and what the process has left of them or of their ring makes no sense"
                : "their listener had started when the process ended";
            _registry.Lost(lost.Sender, dead, lost.Count, reason, action);
        }

        return report;
    }

    /// <summary>Who else of the worker id reads: a lane that has a reader has a living one.</summary>
    private LivingReaders FindLiving(BrokerPeer peer, PeerId dead)
    {
        LaneRecord[] lanes = _registry.Where(l => l.ReaderPeer == peer && l.Reader is { } reader && reader != dead);
        return lanes.Length == 0 ? LivingReaders.None : new LivingReaders(lanes.Select(l => l.Reader!.Value.Incarnation).ToHashSet(), lanes.Select(l => l.LaneId).ToHashSet());
    }

    private void TellInterrupted(PeerId dead, PostMortemReport? report)
    {
        foreach (IGrouping<PeerId, InterruptedRequest> asked in (report?.Interrupted ?? []).GroupBy(r => r.Asker))
        {
            if (_registry.Find(asked.Key) is { Ends: { } ends } asker && asker.Id == asked.Key)
            {
                ends.OnInterrupted(dead, [.. asked.Select(r => r.Correlation)]);
            }
        }
    }
}
