using Ipc.Transports.Rings;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Messages above what a ring holds, between real processes: in shared memory of their own, kept by the supervisor, given back.</summary>
public sealed class LargeMessageTests
{
    private const int Large = 5_000_001;
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly SupervisorTransportOptions Rings = new() { UseSharedMemory = true };

    [Theory]
    [InlineData("take")]
    [InlineData("hold")]
    public async Task A_large_message_that_waits_in_a_process_that_is_killed_is_handled_by_its_successor(string waits)
    {
        await using var supervisor = new TestSupervisor(Rings);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, waits);
        Assert.NotEqual(Environment.ProcessId, peer.Id);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        long before = supervisor.Transport.SharedMemoryInUse;
        byte[] first = Frames.Numbered(1, Large);
        byte[] second = Frames.Numbered(2, Large / 2);
        await lane.SendAsync(first);
        await lane.SendAsync(second);
        await lane.SendAsync(Frames.Numbered(3, 64, FrameKind.Request));
        if (waits == "take")
        {
            Assert.Equal(3, (await supervisor.Receiver.NextAsync()).Number); // both were taken before it
        }

        Assert.True(supervisor.Transport.SharedMemoryInUse >= before + Large + (Large / 2), "both are in shared memory");
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 }, "return");

        var returned = new Dictionary<long, byte[]>();
        for (int i = waits == "take" ? 1 : 0; i < 3; i++)
        {
            ReceivedFrame frame = await supervisor.Receiver.NextAsync();
            returned.Add(frame.Number, frame.Bytes);
        }

        Assert.Equal(first, returned[1]);
        Assert.Equal(second, returned[2]);
        Assert.False(supervisor.Receiver.TryNext(out _)); // neither twice
    }

    [Fact]
    public async Task A_large_message_that_runs_in_a_process_that_is_killed_is_lost_and_said_to_be_and_its_memory_used_again()
    {
        await using var supervisor = new TestSupervisor(Rings);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, "start");
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, Large));
        await lane.SendAsync(Frames.Numbered(2, 64, FrameKind.Request));
        Assert.Equal(2, (await supervisor.Receiver.NextAsync()).Number);
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Worker, PeerId.Supervisor, 1L), (lost.Worker, lost.Sender, lost.Count));

        await using PeerProcess successor = await PeerProcess.StartAsync(supervisor, Worker with { Incarnation = 2 }, "return");
        for (int i = 3; i < 8; i++)
        {
            byte[] frame = Frames.Numbered(i, Large);
            await lane.SendAsync(frame);
            Assert.Equal(frame, (await supervisor.Receiver.NextAsync()).Bytes);
        }
    }

    [Fact]
    public async Task The_memory_of_large_messages_is_used_again_and_given_back_when_no_more_come()
    {
        await using var supervisor = new TestSupervisor(Rings);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await AskAsync(supervisor, lane, 1, 64);
        long before = supervisor.Transport.SharedMemoryInUse;
        for (int i = 2; i < 30; i++)
        {
            await AskAsync(supervisor, lane, i, Large);
        }

        int segment = FrameSegmentLayout.SegmentLength(Large);
        Assert.InRange(supervisor.Transport.SharedMemoryInUse - before, 2 * segment, 4 * segment); // there and back; a use may end after the answer has arrived
        await WaitUntilAsync(() => supervisor.Transport.SharedMemoryInUse == before, "it is given back");
        await WaitUntilAsync(() => CountMapped(peer.Id) == 0, "the other process has it mapped no more");
        await AskAsync(supervisor, lane, 30, Large);
    }

    [Fact]
    public async Task The_memory_of_large_messages_goes_with_the_inbox()
    {
        await using var supervisor = new TestSupervisor(Rings);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, "hold");
        long before = supervisor.Transport.SharedMemoryInUse;
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, Large));
        await lane.SendAsync(Frames.Numbered(2, Large));
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        Assert.Equal(2, (await supervisor.Events.NextLostAsync()).Count);
        await WaitUntilAsync(() => supervisor.Transport.SharedMemoryInUse < before, "ring, ledger, doorbell and both messages are gone");
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await lane.SendAsync(Frames.Numbered(3, Large)));
        Assert.Equal(IpcError.PeerGone, error.Reason);
    }

    [Fact]
    public async Task Large_messages_of_a_killed_sender_that_were_published_arrive_and_their_memory_is_given_back()
    {
        await using var supervisor = new TestSupervisor(Rings);
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, "return");
        long before = supervisor.Transport.SharedMemoryInUse;
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        InboundLane? inbound = null;
        supervisor.Receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            if (!gate.Task.IsCompleted)
            {
                Volatile.Write(ref inbound, frame.Lane);
                return FrameDisposition.Held;
            }

            frame.MarkStarted();
            supervisor.Receiver.Keep(in frame);
            return FrameDisposition.Consumed;
        };
        byte[] sent = Frames.Numbered(1, Large);
        await lane.SendAsync(sent);
        await WaitUntilAsync(() => Volatile.Read(ref inbound) is not null, "it has come back, and is held");
        await peer.KillAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        gate.SetResult();
        inbound!.Resume();
        Assert.Equal(sent, (await supervisor.Receiver.NextAsync()).Bytes);
        await WaitUntilAsync(() => supervisor.Transport.SharedMemoryInUse < before, "its ring and its memory are gone");
    }

    [Fact]
    public async Task When_the_limit_leaves_no_room_a_large_message_goes_through_its_ring()
    {
        const int Limit = 8 << 20;
        await using var supervisor = new TestSupervisor(Rings with { Limits = new TransportLimits { SharedMemoryLimit = Limit } });
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        Assert.Equal(LaneBacking.SharedMemory, lane.Backing);
        for (int i = 1; i < 4; i++)
        {
            await AskAsync(supervisor, lane, i, 20_000_000);
            Assert.True(supervisor.Transport.SharedMemoryInUse <= Limit);
        }

        Assert.Null(supervisor.Transport.SharedMemoryRefusal); // lanes are in shared memory as before
    }

    [Fact]
    public async Task A_message_of_256_MiB_goes_to_another_process_and_back()
    {
        const int Size = 256 << 20;
        await using var supervisor = new TestSupervisor(Rings with { Limits = new TransportLimits { MaxMessageSize = 1 << 30 } });
        await using PeerProcess peer = await PeerProcess.StartAsync(supervisor, Worker, $"max={1 << 30}");
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await AskAsync(supervisor, lane, 1, Size);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4096)]
    [InlineData((64 << 10) + 4096)]
    [InlineData((128 << 20) + 8192)] // above the largest message
    [InlineData(int.MaxValue)]
    public async Task A_segment_of_a_size_that_is_none_is_refused(int length)
    {
        await using var bench = new BrokerBench();
        (RecordedEnds ends, Broker.BrokerPeer peer) = OpenLane(bench);
        bench.Run(broker => broker.WantSegment(peer, 1, length));
        Assert.Equal("no segment 1", ends.Log[^1]);
    }

    [Fact]
    public async Task A_lane_gets_only_so_many_segments_and_only_its_writer_gets_them()
    {
        await using var bench = new BrokerBench();
        (RecordedEnds ends, Broker.BrokerPeer peer) = OpenLane(bench);
        var others = new RecordedEnds();
        PeerId other = PeerId.Worker("worker", 1, 1);
        Broker.BrokerPeer stranger = bench.Add(other);
        bench.Connect(stranger, other, others);
        int length = FrameSegmentLayout.SegmentLength(1);
        bench.Run(broker => broker.WantSegment(stranger, 1, length));
        Assert.Equal("no segment 1", others.Log[^1]);

        for (int i = 1; i <= FrameSegmentLayout.MaxCount; i++)
        {
            bench.Run(broker => broker.WantSegment(peer, 1, length));
            Assert.Equal([$"segment 1 {i} {length} to read", $"segment 1 {i} {length} to write"], ends.Log.TakeLast(2));
        }

        bench.Run(broker => broker.WantSegment(peer, 1, length));
        Assert.Equal("no segment 1", ends.Log[^1]);
        bench.Run(broker => broker.ReturnSegment(stranger, 1, 2));
        Assert.Equal("no segment 1", ends.Log[^1]);
        bench.Run(broker => broker.ReturnSegment(peer, 1, 2));
        Assert.Equal("returned 1 2", ends.Log[^1]);
        bench.Run(broker => broker.ReturnSegment(peer, 1, 2));
        bench.Run(broker => broker.ReturnSegment(peer, 9, 1));
        Assert.Equal("returned 1 2", ends.Log[^1]);
        bench.Run(broker => broker.WantSegment(peer, 1, length));
        Assert.Equal($"segment 1 {FrameSegmentLayout.MaxCount + 1} {length} to write", ends.Log[^1]);
    }

    /// <summary>A worker that sends to itself: it gets both ends.</summary>
    private static (RecordedEnds Ends, Broker.BrokerPeer Peer) OpenLane(BrokerBench bench)
    {
        var ends = new RecordedEnds();
        Broker.BrokerPeer peer = bench.Add(Worker);
        bench.Connect(peer, Worker, ends);
        bench.Run(broker => broker.Open(peer, 1, Worker, LaneKind.Inbox));
        Assert.Equal(["inbound 1", "opened 1"], ends.Log);
        return (ends, peer);
    }

    private static async Task AskAsync(TestSupervisor supervisor, OutboundLane lane, int number, int size)
    {
        byte[] request = Frames.Numbered(number, size, FrameKind.Request);
        await lane.SendAsync(request);
        ReceivedFrame answer = await supervisor.Receiver.NextAsync();
        Assert.Equal(number, answer.Number);
        Assert.True(request.AsSpan(FrameHeader.Size).SequenceEqual(answer.Bytes.AsSpan(FrameHeader.Size)), "the answer has other bytes");
    }

    private static int CountMapped(int process) =>
        File.ReadLines($"/proc/{process}/maps").Count(line => line.Contains("memfd:ipc-frame", StringComparison.Ordinal));

    private static async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        long end = Environment.TickCount64 + (long)Frames.Patience.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, $"Not in time: {what}.");
            await Task.Delay(5);
        }
    }
}
