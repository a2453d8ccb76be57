using System.Runtime.CompilerServices;
using Ipc.Messaging;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

public sealed class RouteTableTests
{
    private static readonly PeerId Remote = PeerId.Worker("worker", 1, 1);

    [Fact]
    public async Task A_route_that_was_removed_is_found_by_its_lane_for_as_long_as_somebody_has_that()
    {
        var lane = new ScriptedLane(Remote, LaneKind.Answer);
        var routes = new RouteTable(new ScriptedTransport(lane));
        OutboundRoute route = await routes.GetAsync(Remote, LaneKind.Answer, CancellationToken.None);

        routes.Remove(route);

        Assert.Null(routes.TryGet(Remote, LaneKind.Answer));
        Assert.Same(route, routes.Find(lane));
    }

    [Fact]
    public void A_lane_of_which_nobody_says_that_it_has_ended_is_not_kept_when_its_route_was_removed()
    {
        var transport = new ScriptedTransport();
        var routes = new RouteTable(transport);

        WeakReference lane = OpenAndRemove(routes, transport);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(lane.IsAlive);
        GC.KeepAlive(routes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference OpenAndRemove(RouteTable routes, ScriptedTransport transport)
    {
        var lane = new ScriptedLane(Remote, LaneKind.Answer);
        transport.WhenEmpty = Task.FromResult<OutboundLane>(lane);
        OutboundRoute route = routes.GetAsync(Remote, LaneKind.Answer, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        routes.Remove(route);
        transport.WhenEmpty = null;
        return new WeakReference(lane);
    }
}
