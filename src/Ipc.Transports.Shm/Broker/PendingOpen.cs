namespace Ipc.Transports.Broker;

/// <summary>A peer waits for a lane.</summary>
/// <param name="Requester">Who writes.</param>
/// <param name="Writer">Its incarnation when it asked.</param>
/// <param name="RequestId">Its number for the request.</param>
/// <param name="Kind">What the lane is for.</param>
internal sealed record PendingOpen(BrokerPeer Requester, PeerId Writer, uint RequestId, LaneKind Kind);
