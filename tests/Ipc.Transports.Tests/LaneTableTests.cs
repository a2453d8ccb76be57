using Ipc.Transports.Broker;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests;

/// <summary>What the ends of the lanes of one process do when news of the broker and the end of the process meet.</summary>
public sealed class LaneTableTests
{
    private static readonly PeerId Self = PeerId.Worker("sender", 0, 1);
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lane_that_comes_while_the_process_ends_is_closed(bool isInbound)
    {
        for (int i = 0; i < 300; i++)
        {
            var requests = new NoRequests();
            var table = new LaneTable(Self, new TransportLimits(), new TestReceiver(), requests, NullLogger.Instance);
            Task<OutboundLane> opening = table.OpenAsync(Worker, LaneKind.Inbox, default).AsTask();
            (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.CreatePair();
            using var other = RawPeer.Over(theirs);
            var lane = new LaneDescription(1, LaneKind.Inbox, LaneBacking.Pipe, Worker, 0);
            using var both = new Barrier(2);
            Task news = Task.Run(() =>
            {
                both.SignalAndWait();
                if (isInbound)
                {
                    table.OnInbound(lane, [ours]);
                }
                else
                {
                    table.OnOpened(1, lane, [ours]);
                }
            });
            await Task.Run(async () =>
            {
                both.SignalAndWait();
                await table.DisposeAsync();
            });
            await news;
            await other.WhenClosedAsync();
            _ = opening.ContinueWith(t => t.Exception, TaskScheduler.Default);
        }
    }

    [Fact]
    public async Task A_successor_whose_doorbell_cannot_be_opened_ends_that_lane_only()
    {
        await using var bench = new BrokerBench();
        bench.Add(Worker);
        BrokerPeer other = bench.Add(PeerId.Worker("worker", 1, 1));
        BrokerPeer sender = bench.Add(Self);
        var receiver = new TestReceiver();
        LaneTable sending = bench.Connect(sender, Self, receiver);
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        OutboundLane untouched = await sending.OpenAsync(other.Id, LaneKind.Inbox, default);
        (FileDescriptor noDoorbell, FileDescriptor end) = UnixSocket.CreatePair();
        using (end)
        {
            sending.OnReaderGone(1, Worker, 0, inboxKept: true, [noDoorbell]);
        }

        ReaderGone gone = await receiver.NextGoneAsync();
        Assert.Same(lane, gone.Lane);
        Assert.False(gone.InboxKept);
        Assert.NotSame(lane, await sending.OpenAsync(Worker, LaneKind.Inbox, default));
        await untouched.SendAsync(Frames.Numbered(1, 100));
    }

    private sealed class NoRequests : ILaneRequests
    {
        public void Open(uint requestId, PeerId remote, LaneKind kind)
        {
        }

        public void Fault(long laneId, string reason)
        {
        }

        public void Ended(long laneId)
        {
        }

        public void Lost(PeerId worker, long count, string reason)
        {
        }

        public void WantSegment(long laneId, int length)
        {
        }

        public void ReturnSegment(long laneId, uint id)
        {
        }
    }
}
