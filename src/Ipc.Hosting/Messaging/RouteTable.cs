using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>The open lanes of this peer, by whom they reach. Thread-safe; concurrent openings of one lane share one.</summary>
internal sealed class RouteTable(Transport transport)
{
    private readonly ConcurrentDictionary<(PeerId Remote, LaneKind Kind), Task<OutboundRoute>> _routes = new(RouteKeyComparer.Instance);

    // By reference, and for as long as somebody else has the lane: its end may be told before its opening is, or never.
    private readonly ConditionalWeakTable<OutboundLane, OutboundRoute> _byLane = [];

    /// <summary>The route, when it is open already.</summary>
    public OutboundRoute? TryGet(PeerId remote, LaneKind kind) =>
        _routes.TryGetValue(Key(remote, kind), out Task<OutboundRoute>? route) && route.IsCompletedSuccessfully ? route.Result : null;

    /// <summary>The route; opened when it is not.</summary>
    /// <exception cref="IpcException">It cannot be opened.</exception>
    public async ValueTask<OutboundRoute> GetAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken)
    {
        (PeerId, LaneKind) key = Key(remote, kind);
        if (!_routes.TryGetValue(key, out Task<OutboundRoute>? route))
        {
            var source = new TaskCompletionSource<OutboundRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
            route = _routes.GetOrAdd(key, source.Task);
            if (ReferenceEquals(route, source.Task))
            {
                _ = OpenAsync(source, key, remote, kind);
            }
        }

        return await route.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Forgets a route whose lane is closed; the next message opens another.</summary>
    public void Remove(OutboundRoute route)
    {
        (PeerId, LaneKind) key = Key(route.Lane.Remote, route.Lane.Kind);
        if (_routes.TryGetValue(key, out Task<OutboundRoute>? current) && current.IsCompletedSuccessfully && ReferenceEquals(current.Result, route))
        {
            _routes.TryRemove(KeyValuePair.Create(key, current));
        }
    }

    /// <summary>The route of a lane, also when it has been removed: requests on it may still have to be failed.</summary>
    public OutboundRoute? Find(OutboundLane lane) => _byLane.TryGetValue(lane, out OutboundRoute? route) ? route : null;

    private async Task OpenAsync(TaskCompletionSource<OutboundRoute> source, (PeerId, LaneKind) key, PeerId remote, LaneKind kind)
    {
        try
        {
            // Not the first caller's token: others wait for the same lane.
            var route = new OutboundRoute(await transport.OpenLaneAsync(remote, kind, CancellationToken.None).ConfigureAwait(false));
            _byLane.AddOrUpdate(route.Lane, route);
            source.SetResult(route);
        }
        catch (Exception e)
        {
            _routes.TryRemove(KeyValuePair.Create(key, source.Task));
            source.SetException(e);
        }
    }

    private static (PeerId, LaneKind) Key(PeerId remote, LaneKind kind) =>
        (kind == LaneKind.Inbox ? remote with { Incarnation = 0 } : remote, kind);
}
