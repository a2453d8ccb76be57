using Ipc.Transports.Broker;
using Ipc.Transports.Lanes;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>What the broker does when an incarnation ends.</summary>
public sealed class IncarnationEndTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Successor = Worker with { Incarnation = 2 };
    private static readonly PeerId Sender = PeerId.Worker("sender", 0, 1);

    [Fact]
    public async Task A_lane_that_is_opened_between_the_loss_of_the_connection_and_the_exit_wakes_the_successor()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        LaneTable sending = bench.Connect(sender, Sender, new TestReceiver());
        bench.Connect(worker, Worker, new RecordedEnds());
        worker.Ends = null; // kill -9: the socket's end is known before the exit
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));

        var receiver = new TestReceiver();
        bench.Connect(worker, Successor, receiver);
        await BrokerBench.WhenParkedAsync(worker);
        await lane.SendAsync(Frames.Numbered(1, 100));
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_request_in_a_lane_that_the_dead_incarnation_never_read_is_not_failed()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var ends = new RecordedEnds();
        bench.Connect(sender, Sender, ends);
        bench.Connect(worker, Worker, new RecordedEnds());
        worker.Ends = null;
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        Assert.Equal(["opened 1", "gone 1 1 0 kept"], ends.Log);
    }

    [Fact]
    public async Task An_exit_that_is_reported_twice_changes_nothing_the_second_time()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        LaneTable sending = bench.Connect(sender, Sender, new TestReceiver());
        bench.Connect(worker, Worker, new RecordedEnds());
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));

        var receiver = new TestReceiver();
        bench.Connect(worker, Successor, receiver);
        bench.Run(b => b.Exited(worker, Worker, keepInbox: false)); // late, and about nobody who lives
        await BrokerBench.WhenParkedAsync(worker);
        await lane.SendAsync(Frames.Numbered(1, 100));
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task An_inbox_that_was_kept_can_still_be_given_up()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var receiver = new TestReceiver();
        LaneTable sending = bench.Connect(sender, Sender, receiver);
        bench.Connect(worker, Worker, new RecordedEnds());
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        Assert.True((await receiver.NextGoneAsync()).InboxKept);
        await lane.SendAsync(Frames.Numbered(1, 100));
        bench.Run(b => b.Exited(worker, Worker, keepInbox: false));
        Assert.False((await receiver.NextGoneAsync()).InboxKept);
        LostNews lost = await bench.Events.NextLostAsync();
        Assert.Equal((Worker, 1L), (lost.Worker, lost.Count));
    }

    [Fact]
    public async Task A_writer_that_cannot_be_told_loses_its_lane_and_everybody_else_is_served()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        var first = new RecordedEnds { FailsAtReaderGone = true };
        var second = new RecordedEnds();
        BrokerPeer sender = bench.Add(Sender);
        BrokerPeer other = bench.Add(PeerId.Worker("sender", 1, 1));
        bench.Connect(sender, Sender, first);
        bench.Connect(other, PeerId.Worker("sender", 1, 1), second);
        bench.Connect(worker, Worker, new RecordedEnds());
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        bench.Run(b => b.Open(other, 1, Worker, LaneKind.Inbox));
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        Assert.Equal(["opened 1", "gone 1 1 0 kept", "gone 1 1 0 closed"], first.Log);
        Assert.Equal(["opened 2", "gone 2 1 0 kept"], second.Log);

        var successor = new RecordedEnds();
        bench.Connect(worker, Successor, successor);
        Assert.Equal(["inbound 2"], successor.Log);
    }

    [Fact]
    public async Task A_pipe_that_broke_before_its_reader_s_death_is_known_ends_with_that_death()
    {
        await using var bench = new BrokerBench(useSharedMemory: false);
        (BrokerPeer worker, RecordedEnds ends) = TwoPipes(bench);
        Assert.Equal(["opened 1", "opened 2"], ends.Log);

        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        Assert.Equal(["opened 1", "opened 2", "gone 1 1 all closed", "gone 2 1 all closed"], ends.Log);
    }

    [Fact]
    public async Task A_pipe_that_its_reader_dropped_ends_with_that_news_also_when_another_was_asked_for_before()
    {
        await using var bench = new BrokerBench(useSharedMemory: false);
        (BrokerPeer worker, RecordedEnds ends) = TwoPipes(bench);
        bench.Run(b => b.Faulted(worker, 1, "garbage"));
        bench.Run(b => b.Exited(worker, Worker, keepInbox: true));
        Assert.Equal(["opened 1", "opened 2", "faulted 1", "gone 2 1 all closed"], ends.Log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_pipe_that_its_writer_closed_ends_when_another_is_asked_for_and_it_is_read(bool isReadFirst)
    {
        await using var bench = new BrokerBench(useSharedMemory: false);
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var ends = new RecordedEnds();
        bench.Connect(sender, Sender, ends);
        bench.Connect(worker, Worker, new RecordedEnds());
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        Action<LaneBroker> read = b => b.Ended(worker, 1);
        Action<LaneBroker> open = b => b.Open(sender, 2, Worker, LaneKind.Inbox);
        bench.Run(isReadFirst ? read : open);
        Assert.Equal(isReadFirst ? ["opened 1"] : ["opened 1", "opened 2"], ends.Log);
        bench.Run(isReadFirst ? open : read);
        Assert.Equal(isReadFirst ? ["opened 1", "faulted 1", "opened 2"] : ["opened 1", "opened 2", "faulted 1"], ends.Log);
    }

    [Fact]
    public async Task Whoever_breaks_pipe_after_pipe_has_one_that_ends_and_one_that_lives()
    {
        await using var bench = new BrokerBench(useSharedMemory: false);
        (_, RecordedEnds ends) = TwoPipes(bench);
        BrokerPeer sender = null!;
        bench.Run(b => sender = b.Find(Sender)!);
        bench.Run(b => b.Open(sender, 3, Worker, LaneKind.Inbox));
        bench.Run(b => b.Open(sender, 4, Worker, LaneKind.Inbox));
        Assert.Equal(["opened 1", "opened 2", "faulted 1", "opened 3", "faulted 2", "opened 4"], ends.Log);
    }

    private static (BrokerPeer Worker, RecordedEnds SenderEnds) TwoPipes(BrokerBench bench)
    {
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var ends = new RecordedEnds();
        bench.Connect(sender, Sender, ends);
        bench.Connect(worker, Worker, new RecordedEnds());
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        bench.Run(b => b.Open(sender, 2, Worker, LaneKind.Inbox));
        return (worker, ends);
    }
}
