using Ipc.Messaging;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>For whom a send waits while the cluster starts.</summary>
public sealed class TargetSelectorTests
{
    private static readonly ulong Asked = ActionHash.Compute("asked");
    private static readonly PeerInfo Listens = new(PeerId.Worker("b", 0, 1), IsReady: false, new PeerActions(["asked"]));
    private static readonly PeerInfo Deaf = new(PeerId.Worker("a", 0, 1), IsReady: true, new PeerActions(["other"]));
    private static readonly PeerInfo Starts = new(PeerId.Worker("b", 1, 0), IsReady: false, PeerActions.None);

    [Fact]
    public void Any_of_several_workers_waits_for_one_that_may_listen_and_for_no_more()
    {
        Assert.False(TargetSelector.AreKnown([Deaf, Starts], Target.Any(), Asked));
        Assert.True(TargetSelector.AreKnown([Starts, Deaf, Listens], Target.Any(), Asked));
        Assert.True(TargetSelector.AreKnown([Deaf, Deaf], Target.Any(), Asked)); // nobody will: told at once
    }

    [Fact]
    public void All_workers_are_waited_for_whether_others_listen_or_not()
    {
        Assert.False(TargetSelector.AreKnown([Listens, Starts], Target.All, Asked));
        Assert.True(TargetSelector.AreKnown([Listens, Deaf], Target.All, Asked));
    }

    [Fact]
    public void A_worker_without_any_listener_that_has_crashed_holds_nobody_up()
    {
        var between = new PeerInfo(PeerId.Worker("a", 0, 1), IsReady: false, PeerActions.None);

        Assert.True(TargetSelector.AreKnown([Listens, between], Target.All, Asked));
    }
}
