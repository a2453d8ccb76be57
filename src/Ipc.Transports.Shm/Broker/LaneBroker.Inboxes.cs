using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>What waits in the inboxes, for those who watch the cluster.</summary>
internal sealed partial class LaneBroker
{
    /// <summary>One row for each worker id whose inbox is in shared memory and not given up.</summary>
    public IReadOnlyList<InboxFill> ReadInboxes()
    {
        var inboxes = new Dictionary<BrokerPeer, InboxFill>();
        foreach (BrokerPeer peer in Peers)
        {
            if (peer is { Ledger: not null, IsGivenUp: false })
            {
                inboxes.Add(peer, new InboxFill(peer.Id, 0, 0));
            }
        }

        foreach (LaneRecord lane in _registry.Where(static l => l is { Kind: LaneKind.Inbox, Ring: not null }))
        {
            if (inboxes.TryGetValue(lane.ReaderPeer, out InboxFill inbox))
            {
                RingSegment ring = lane.Ring!;
                long waiting = ring.WaitingBytes;
                inboxes[lane.ReaderPeer] = inbox with
                {
                    WaitingBytes = inbox.WaitingBytes + waiting,
                    Fullest = Math.Max(inbox.Fullest, (double)waiting / ring.Memory.Capacity),
                };
            }
        }

        return [.. inboxes.Values];
    }
}
