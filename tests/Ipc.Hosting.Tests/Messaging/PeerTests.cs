using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

public sealed class PeerTests
{
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);

    [Theory]
    [InlineData(FrameKind.OneWay, LaneKind.Answer)]
    [InlineData(FrameKind.Request, LaneKind.Answer)]
    [InlineData(FrameKind.Cancel, LaneKind.Answer)]
    [InlineData(FrameKind.Response, LaneKind.Inbox)]
    [InlineData(FrameKind.Error, LaneKind.Inbox)]
    [InlineData(FrameKind.StreamData, LaneKind.Inbox)]
    public async Task A_frame_on_a_lane_of_the_other_kind_ends_that_lane(FrameKind kind, LaneKind laneKind)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1);
        byte[] frame = new byte[FrameHeader.Size + 1];
        new FrameHeader(kind, FrameFlags.None, 1, 1, 0).Write(frame, FrameHeader.Size);
        var lane = new ScriptedInboundLane(Sender, laneKind);

        string reason = Assert.Throws<InvalidOperationException>(() => ((ITransportReceiver)cluster.Supervisor).OnFrame(lane.Frame(frame, 1))).Message; // as the scripted lane is faulted

        Assert.Equal($"worker/0#1 sent a frame of the kind {kind} on a lane of the kind {laneKind}.", reason);
    }
}
