using Ipc.Transports.Lanes;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>One row of the broker: the supervisor, or a worker id across its incarnations. Control thread only.</summary>
internal sealed class BrokerPeer
{
    /// <summary>Makes the row of a peer that has not been started.</summary>
    public BrokerPeer(PeerId id) => Id = id;

    /// <summary>The present incarnation, or the last one.</summary>
    public PeerId Id { get; set; }

    /// <summary>Where its lanes' news go; none while no incarnation is connected.</summary>
    public ILaneEnds? Ends { get; set; }

    /// <summary>Whether it said that it is ready.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether its inbox was given up: nobody is going to read it.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>What it, or its predecessor, listens to.</summary>
    public PeerActions Actions { get; set; } = PeerActions.None;

    /// <summary>The doorbell of the incarnation that reads its rings, or will; none without shared memory.</summary>
    public DoorbellSegment? Doorbell { get; set; }

    /// <summary>What its incarnations have taken and not finished; none without shared memory.</summary>
    public LedgerSegment? Ledger { get; set; }

    /// <summary>Opens that wait for an incarnation: a pipe needs a living reader.</summary>
    public List<PendingOpen> Waiting { get; } = [];

    /// <summary>Its row in the directory.</summary>
    public PeerInfo ToInfo() => new(Id, IsReady, Actions);
}
