using Ipc.Transports.Control;
using Ipc.Transports.Rings;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>The peers, the lanes between them, and what is lost with a lane. Control thread only.</summary>
internal sealed class LaneRegistry
{
    private readonly TransportLimits _limits;
    private readonly ISupervisorEvents _events;
    private readonly ILogger _logger;
    private readonly Dictionary<long, LaneRecord> _lanes = [];
    private readonly List<BrokerPeer> _peers = [];
    private long _lastLane;

    /// <summary>Makes an empty registry.</summary>
    public LaneRegistry(TransportLimits limits, SharedMemoryBudget budget, ISupervisorEvents events, ILogger logger)
    {
        _limits = limits;
        Budget = budget;
        _events = events;
        _logger = logger;
    }

    /// <summary>Where the memory of lanes and peers comes from.</summary>
    public SharedMemoryBudget Budget { get; }

    /// <summary>Every row, the supervisor first.</summary>
    public IReadOnlyList<BrokerPeer> Peers => _peers;

    /// <summary>Adds a row.</summary>
    public void Add(BrokerPeer peer) => _peers.Add(peer);

    /// <summary>A client has gone, and its lanes have been accounted for: nobody has its id again.</summary>
    public void Remove(BrokerPeer client) => _peers.Remove(client);

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

    /// <summary>A number for a lane; never used twice.</summary>
    public long NextLaneId() => ++_lastLane;

    /// <summary>A lane exists.</summary>
    public void Add(LaneRecord lane) => _lanes.Add(lane.LaneId, lane);

    /// <summary>A lane by its number.</summary>
    public LaneRecord? Find(long laneId) => _lanes.GetValueOrDefault(laneId);

    /// <summary>Lanes as they are now: the caller may remove some of them.</summary>
    public LaneRecord[] Where(Func<LaneRecord, bool> condition) => [.. _lanes.Values.Where(condition)];

    /// <summary>A lane is no more.</summary>
    public void Remove(LaneRecord lane)
    {
        if (_lanes.Remove(lane.LaneId) && lane.Ring is { } ring)
        {
            ring.Close();
            Budget.Release(RingSegment.RequiredBytes(lane.Kind, _limits) + ring.FrameBytes);
            ring.Dispose();
        }
    }

    /// <summary>Closes an inbox that nobody reads any more and counts the messages that are lost with it.</summary>
    /// <param name="lane">The lane; nothing happens unless it is an inbox in a ring. A pipe's writer counts by itself.</param>
    /// <param name="reader">Whose inbox it was.</param>
    /// <param name="ledger">What waited for a listener and is lost as well; none while the process that took it lives.</param>
    /// <param name="reason">Why nobody reads it.</param>
    public void Abandon(LaneRecord lane, PeerId reader, LedgerSegment? ledger, string reason)
    {
        if (lane is not { Kind: LaneKind.Inbox, Ring: { } ring })
        {
            return;
        }

        ring.Close();
        long count = AbandonedInbox.CountMessages(ring, ledger);
        if (count > 0)
        {
            Lost(lane.Writer, reader, count, reason);
        }
    }

    /// <summary>Messages were lost.</summary>
    /// <param name="sender">Who had sent them.</param>
    /// <param name="worker">Whose inbox it was.</param>
    /// <param name="count">How many.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="action">The action of all of them, where it is known.</param>
    public void Lost(PeerId sender, PeerId worker, long count, string reason, string? action = null)
    {
        ControlLog.MessagesLost(_logger, count, sender, worker, reason);
        _events.OnMessagesLost(worker, sender, action, count, reason);
    }

    /// <summary>The end of an incarnation has been accounted for.</summary>
    public void Settled(PeerId worker, IReadOnlyList<ActionCount> running) => _events.OnWorkerSettled(worker, running);
}
