using Ipc.Transports.Broker;
using Ipc.Transports.Interop;
using Ipc.Transports.Lanes;
using Ipc.Transports.Rings;
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
    public async Task A_lane_that_was_not_asked_for_is_there_for_who_opens_it_and_gives_way_to_one_that_is_being_opened()
    {
        var requests = new NoRequests();
        await using var table = new LaneTable(Self, new TransportLimits(), new TestReceiver(), requests, NullLogger.Instance);
        (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.CreatePair();
        using var first = RawPeer.Over(theirs);
        table.OnOpened(LaneDescription.NotAskedFor, new LaneDescription(1, LaneKind.Answer, LaneBacking.Pipe, Worker, 0), [ours]);
        Assert.Equal(Worker, (await table.OpenAsync(Worker, LaneKind.Answer, default).AsTask().WaitAsync(Frames.Patience)).Remote);
        Assert.Empty(requests.Log);

        PeerId other = Worker with { WorkerId = 1 };
        Task<OutboundLane> opening = table.OpenAsync(other, LaneKind.Answer, default).AsTask();
        (ours, theirs) = UnixSocket.CreatePair();
        using var second = RawPeer.Over(theirs);
        table.OnOpened(LaneDescription.NotAskedFor, new LaneDescription(2, LaneKind.Answer, LaneBacking.Pipe, other, 0), [ours]);
        await second.WhenClosedAsync();
        Assert.False(opening.IsCompleted);
        (ours, theirs) = UnixSocket.CreatePair();
        using var third = RawPeer.Over(theirs);
        table.OnOpened(1, new LaneDescription(3, LaneKind.Answer, LaneBacking.Pipe, other, 0), [ours]);
        Assert.Equal(other, (await opening.WaitAsync(Frames.Patience)).Remote);
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

    [Theory]
    [InlineData(LaneBacking.Pipe)]
    [InlineData(LaneBacking.SharedMemory)]
    public async Task Everybody_who_waits_for_a_lane_is_told_when_what_was_handed_over_is_none_and_the_next_one_asks_again(LaneBacking backing)
    {
        var requests = new NoRequests();
        await using var table = new LaneTable(Self, new TransportLimits(), new TestReceiver(), requests, NullLogger.Instance);
        Task<OutboundLane> first = table.OpenAsync(Worker, LaneKind.Inbox, default).AsTask();
        Task<OutboundLane> second = table.OpenAsync(Worker, LaneKind.Inbox, default).AsTask();
        FileDescriptor[] useless = [NotASocket(), NotASocket()];
        table.OnOpened(1, new LaneDescription(1, LaneKind.Inbox, backing, Worker, 4096), backing == LaneBacking.Pipe ? useless[..1] : useless);
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => first.WaitAsync(Frames.Patience))).Reason);
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => second.WaitAsync(Frames.Patience))).Reason);
        Task<OutboundLane> third = table.OpenAsync(Worker, LaneKind.Inbox, default).AsTask();
        Assert.Equal(["open 1", "open 2"], requests.Log);
        table.OnRefused(2, IpcError.PeerGone, "the test has ended");
        await Assert.ThrowsAsync<IpcException>(() => third.WaitAsync(Frames.Patience));
    }

    [Fact]
    public async Task A_lane_that_cannot_be_read_is_dropped_and_holds_up_no_news_of_its_writer()
    {
        var requests = new NoRequests();
        var receiver = new TestReceiver();
        await using var table = new LaneTable(Self, new TransportLimits(), receiver, requests, NullLogger.Instance);
        table.OnInbound(new LaneDescription(5, LaneKind.Answer, LaneBacking.Pipe, Worker, 0), [NotASocket()]);
        Assert.StartsWith("fault 5: ", Assert.Single(requests.Log), StringComparison.Ordinal);
        table.OnInterrupted(Worker, [77]);
        Assert.Equal(Worker, receiver.Interrupted[77]);
    }

    [Fact]
    public async Task A_ring_that_says_it_has_the_number_of_another_one_is_not_used()
    {
        var limits = new TransportLimits();
        var requests = new NoRequests();
        await using var table = new LaneTable(Self, limits, new TestReceiver(), requests, NullLogger.Instance);
        table.EnableRings(DoorbellSegment.Create(isOwner: true), ledger: null);
        using DoorbellSegment other = DoorbellSegment.Create();
        using RingSegment ring = RingSegment.Create(7, Worker, Self, LaneKind.Inbox, limits);
        var lane = new LaneDescription(8, LaneKind.Inbox, LaneBacking.SharedMemory, Worker, ring.Length);

        table.OnInbound(lane, FileDescriptor.DuplicateAll(ring.Descriptor, other.Descriptor));
        Assert.StartsWith("fault 8: ", Assert.Single(requests.Log), StringComparison.Ordinal);

        Task<OutboundLane> opening = table.OpenAsync(Worker, LaneKind.Inbox, default).AsTask();
        table.OnOpened(1, lane, FileDescriptor.DuplicateAll(ring.Descriptor, other.Descriptor));
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => opening.WaitAsync(Frames.Patience))).Reason);
    }

    [Fact]
    public async Task Rings_that_come_after_the_end_of_a_process_are_let_go()
    {
        var table = new LaneTable(Self, new TransportLimits(), new TestReceiver(), new NoRequests(), NullLogger.Instance);
        await table.DisposeAsync();
        DoorbellSegment doorbell = DoorbellSegment.Create(isOwner: true);
        using LedgerSegment made = LedgerSegment.Create();
        LedgerSegment ledger = LedgerSegment.Open(FileDescriptor.Duplicate(made.Descriptor).IntoFile(), made.Length, 1);
        table.EnableRings(doorbell, ledger);
        Assert.True(doorbell.Descriptor.IsClosed);
        Assert.True(ledger.Descriptor.IsClosed);
        table.ReadAnswers();
        Assert.Equal(0, table.HandOvers);
    }

    /// <summary>A number that no descriptor has.</summary>
    private static FileDescriptor NotASocket() => new(0x3FFF_FFFF);

    private sealed class NoRequests : ILaneRequests
    {
        public void Open(uint requestId, PeerId remote, LaneKind kind) => Log.Add($"open {requestId}");

        public List<string> Log { get; } = [];

        public void Fault(long laneId, string reason) => Log.Add($"fault {laneId}: {reason}");

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
