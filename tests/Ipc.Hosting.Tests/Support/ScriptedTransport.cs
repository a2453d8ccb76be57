using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Hands out the lanes that a test has made, in order; then says that the peer has ended.</summary>
internal sealed class ScriptedTransport(params OutboundLane[] lanes) : Transport
{
    private readonly Queue<OutboundLane> _lanes = new(lanes);

    public override PeerId Self => PeerId.Worker("worker", 0, 1);

    public override PeerDirectory Directory => Known;

    /// <summary>Who there is.</summary>
    public PeerDirectory Known { get; init; } = PeerDirectory.Empty;

    /// <summary>How often a lane was asked for.</summary>
    public int Asked { get; private set; }

    /// <summary>To whom, in order.</summary>
    public List<PeerId> Remotes { get; } = [];

    /// <summary>Instead of the answer that nobody is there.</summary>
    public Task<OutboundLane>? WhenEmpty { get; set; }

    public override ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken)
    {
        Asked++;
        Remotes.Add(remote);
        return _lanes.TryDequeue(out OutboundLane? lane) ? new ValueTask<OutboundLane>(lane)
            : new ValueTask<OutboundLane>(WhenEmpty ?? throw new IpcException(IpcError.PeerGone, $"{remote} has ended."));
    }

    public override ValueTask AnnounceAsync(IReadOnlyList<TopicSubscription> subscriptions, CancellationToken cancellationToken) => default;

    public override ValueTask DisposeAsync() => default;
}
