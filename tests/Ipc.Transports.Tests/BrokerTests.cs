using Ipc.Transports.Broker;
using Ipc.Transports.Control;
using Ipc.Transports.Lanes;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>What the broker does with backings, budgets and losses.</summary>
public sealed class BrokerTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Sender = PeerId.Worker("sender", 0, 1);

    [Fact]
    public async Task Without_shared_memory_lanes_go_over_the_pipe_and_the_reason_is_known()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { Limits = new TransportLimits { SharedMemoryLimit = 0 } });
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        Assert.Equal(LaneBacking.Pipe, lane.Backing);
        Assert.Contains("SharedMemoryLimit", supervisor.Transport.SharedMemoryRefusal, StringComparison.Ordinal);
        Assert.Equal(0, supervisor.Transport.SharedMemoryInUse);
    }

    [Fact]
    public async Task Lanes_beyond_the_limit_of_shared_memory_go_over_the_pipe()
    {
        var limits = new TransportLimits { SharedMemoryLimit = 8 << 20, RingSize = 2 << 20 };
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { Limits = limits });
        var receivers = new List<TestReceiver>();
        var workers = new List<WorkerTransport>();
        var backings = new List<LaneBacking>();
        for (int i = 0; i < 6; i++)
        {
            PeerId id = PeerId.Worker("worker", i, 1);
            receivers.Add(new TestReceiver());
            workers.Add(await supervisor.ConnectAsync(id, supervisor.Expect(id), receivers[^1]));
            OutboundLane lane = await supervisor.Transport.OpenLaneAsync(id, LaneKind.Inbox, default);
            backings.Add(lane.Backing);
            await lane.SendAsync(Frames.Numbered(i, 100));
            Assert.Equal(i, (await receivers[^1].NextAsync()).Number);
            Assert.InRange(supervisor.Transport.SharedMemoryInUse, 0, limits.SharedMemoryLimit);
        }

        Assert.Equal(LaneBacking.SharedMemory, backings[0]);
        Assert.Equal(LaneBacking.Pipe, backings[^1]);
        Assert.Contains("is reached", supervisor.Transport.SharedMemoryRefusal, StringComparison.Ordinal);
        foreach (WorkerTransport worker in workers)
        {
            await worker.DisposeAsync();
        }
    }

    [Fact]
    public async Task Shared_memory_is_given_back_when_a_worker_id_is_given_up()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        supervisor.Transport.AddSlot("worker", 0);
        long before = supervisor.Transport.SharedMemoryInUse;
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Answer, default);
        Assert.True(supervisor.Transport.SharedMemoryInUse > before);

        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        await supervisor.Receiver.NextGoneAsync();
        await supervisor.Receiver.NextGoneAsync();
        supervisor.Transport.AddSlot("worker", 0); // waits for the control thread
        Assert.InRange(supervisor.Transport.SharedMemoryInUse, 0, before);
        Assert.Null(supervisor.Transport.SharedMemoryRefusal);
    }

    [Fact]
    public async Task Forty_restarts_leave_neither_memory_nor_descriptors_behind()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        long memory = 0;
        int descriptors = 0;
        for (int i = 1; i <= 40; i++)
        {
            PeerId id = Worker with { Incarnation = i };
            var receiver = new TestReceiver();
            WorkerTransport worker = await supervisor.ConnectAsync(id, supervisor.Expect(id), receiver);
            OutboundLane inbox = await supervisor.Transport.OpenLaneAsync(id, LaneKind.Inbox, default);
            OutboundLane answers = await supervisor.Transport.OpenLaneAsync(id, LaneKind.Answer, default);
            OutboundLane back = await worker.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, default);
            await inbox.SendAsync(Frames.Numbered(i, 100));
            await answers.SendAsync(Frames.Numbered(i, 100));
            await back.SendAsync(Frames.Numbered(i, 100));
            await receiver.NextAsync();
            await receiver.NextAsync();
            await supervisor.Receiver.NextAsync();
            await worker.DisposeAsync();
            supervisor.Transport.WorkerExited(id, keepInbox: true);
            await supervisor.Receiver.NextGoneAsync();
            await supervisor.Receiver.NextGoneAsync();
            if (i == 10)
            {
                memory = supervisor.Transport.SharedMemoryInUse;
                descriptors = CountDescriptors();
            }
        }

        using var patience = new CancellationTokenSource(Frames.Patience);
        while (supervisor.Transport.SharedMemoryInUse > memory)
        {
            await Task.Delay(5, patience.Token); // the last ring of a dead writer goes when its reader has seen the end
        }

        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.InRange(CountDescriptors(), 0, descriptors + 60); // other tests open and close some beside this one
    }

    [Fact]
    public async Task Frames_that_die_in_a_pipe_are_counted_and_reported()
    {
        await using var supervisor = new TestSupervisor();
        int seen = 0;
        var seven = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            // 1 to 3 finish at once, 4 and 5 run and never finish, the 6th is not taken, the rest stay behind it.
            switch (++seen)
            {
                case <= 3:
                    return FrameDisposition.Consumed;
                case <= 5:
                    frame.Take(keepBytes: false).MarkStarted();
                    return FrameDisposition.Consumed;
                default:
                    seven.TrySetResult();
                    return FrameDisposition.Held;
            }
        };
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        long position = 0;
        for (int i = 1; i <= 10; i++)
        {
            position = await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await seven.Task.WaitAsync(Frames.Patience);
        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        ReaderGone gone = await supervisor.Receiver.NextGoneAsync();
        Assert.Equal(position, gone.TakenPosition);
        Assert.False(gone.InboxKept);
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Worker, PeerId.Supervisor, 7L), (lost.Worker, lost.Sender, lost.Count));
    }

    [Fact]
    public async Task Frames_that_are_finished_one_by_one_long_after_the_last_send_are_not_counted_as_lost_when_the_reader_ends()
    {
        const int Count = 2000;
        await using var supervisor = new TestSupervisor();
        var running = new List<FrameLease>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            running.Add(frame.Take(keepBytes: false));
            if (running.Count == Count)
            {
                all.TrySetResult();
            }

            return FrameDisposition.Consumed;
        };
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= Count; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await all.Task.WaitAsync(Frames.Patience);
        foreach (FrameLease frame in running.SkipLast(1))
        {
            frame.Dispose();
        }

        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        Assert.Equal(1, (await supervisor.Events.NextLostAsync()).Count);
    }

    [Fact]
    public async Task A_worker_that_lost_frames_in_a_pipe_reports_them_to_the_supervisor()
    {
        await using var supervisor = new TestSupervisor();
        PeerId sender = PeerId.Worker("sender", 0, 1);
        var gate = new HeldReceiver();
        var senderReceiver = new TestReceiver();
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), gate.Receiver);
        await using WorkerTransport sending = await supervisor.ConnectAsync(sender, supervisor.Expect(sender), senderReceiver);
        OutboundLane lane = await sending.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 4; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await gate.Held.WaitAsync(Frames.Patience);
        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        Assert.Same(lane, (await senderReceiver.NextGoneAsync()).Lane);
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Worker, sender, 4L), (lost.Worker, lost.Sender, lost.Count));
    }

    [Fact]
    public async Task A_send_to_a_worker_that_is_still_starting_waits_for_it_over_the_pipe_and_is_taken_at_once_over_a_ring()
    {
        await using var pipes = new TestSupervisor();
        pipes.Transport.AddSlot("worker", 0);
        Task<OutboundLane> opening = pipes.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default).AsTask();
        using var impatient = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pipes.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, impatient.Token));
        Assert.False(opening.IsCompleted);
        await using WorkerTransport late = await pipes.ConnectAsync(Worker, pipes.Expect(Worker));
        await opening.WaitAsync(Frames.Patience);

        await using var rings = new TestSupervisor(new SupervisorTransportOptions());
        rings.Transport.AddSlot("worker", 0);
        OutboundLane lane = await rings.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));
        var receiver = new TestReceiver();
        await using WorkerTransport later = await rings.ConnectAsync(Worker, rings.Expect(Worker), receiver);
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_dies_before_it_connects_changes_nothing_for_its_senders(bool useSharedMemory)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        WorkerTransport first = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await first.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        await supervisor.Receiver.NextGoneAsync();
        Task<OutboundLane> opening = supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default).AsTask();
        supervisor.Expect(Worker with { Incarnation = 2 });
        supervisor.Transport.WorkerExited(Worker with { Incarnation = 2 }, keepInbox: true);

        PeerId third = Worker with { Incarnation = 3 };
        var receiver = new TestReceiver();
        await using WorkerTransport successor = await supervisor.ConnectAsync(third, supervisor.Expect(third), receiver);
        OutboundLane lane = await opening.WaitAsync(Frames.Patience);
        await lane.SendAsync(Frames.Numbered(3, 100));
        Assert.Equal(3, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Messages_in_a_ring_that_is_given_up_are_counted_and_reported_and_its_requests_are_known_to_fail()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        int seen = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            switch (++seen)
            {
                case 1:
                    frame.MarkStarted();
                    return FrameDisposition.Consumed;
                case 2:
                    frame.Take(keepBytes: true); // waits for its listener for ever
                    return FrameDisposition.Consumed;
                default:
                    held.TrySetResult();
                    return FrameDisposition.Held;
            }
        };
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 6; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await lane.SendAsync(Frames.Numbered(7, 100, FrameKind.Request));
        await held.Task.WaitAsync(Frames.Patience);
        await lane.SendAsync(Frames.Numbered(8, 900_000));
        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Worker, PeerId.Supervisor, 6L), (lost.Worker, lost.Sender, lost.Count)); // 2 in the ledger, 3 to 6 and the large 8 in the ring
        Assert.False((await supervisor.Receiver.NextGoneAsync()).InboxKept);
    }

    [Fact]
    public async Task A_worker_answers_a_ping_and_its_inbox_can_be_looked_into_while_it_lives()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            if (Frames.NumberOf(frame.Bytes) == 1)
            {
                frame.Take(keepBytes: false).MarkStarted();
                return FrameDisposition.Consumed;
            }

            second.TrySetResult();
            return FrameDisposition.Held;
        };
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 4; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await second.Task.WaitAsync(Frames.Patience);
        supervisor.Transport.Ping(Worker, 7);
        await supervisor.Events.WaitForAsync($"{Worker}: {new WorkerPulse(7, 1, 2, "act", IsDebugged: true)}");
        WorkerLoad load = supervisor.Transport.Inspect(Worker);

        Assert.Equal([new ActionCount($"{7:x16}", 1)], load.Running);
        Assert.Equal(3, load.Waiting);
        Assert.Equal(0, supervisor.Transport.Inspect(Worker with { Incarnation = 9 }).Waiting);
    }

    [Fact]
    public async Task Messages_whose_listener_had_started_are_reported_with_their_sender_and_their_action()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            frame.Take(keepBytes: false).MarkStarted();
            started.TrySetResult();
            return FrameDisposition.Consumed;
        };
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));
        await started.Task.WaitAsync(Frames.Patience);
        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Worker, PeerId.Supervisor, $"{7:x16}", 1L), (lost.Worker, lost.Sender, lost.Action, lost.Count));
        await supervisor.Events.WaitForAsync($"settled {Worker}: {7:x16}"); // behind the loss
    }

    [Fact]
    public async Task One_way_messages_in_a_ring_that_its_reader_drops_are_counted_and_reported()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var receiver = new TestReceiver();
        LaneTable sending = bench.Connect(sender, Sender, receiver);
        bench.Connect(worker, Worker, new RecordedEnds());
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 3; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await lane.SendAsync(Frames.Numbered(4, 100, FrameKind.Request));
        bench.Run(b => b.Faulted(worker, laneId: 1, "it could not be mapped"));
        LostNews lost = await bench.Events.NextLostAsync();
        Assert.Equal((Worker, Sender, 3L), (lost.Worker, lost.Sender, lost.Count));
        Assert.Contains("could not be mapped", lost.Reason, StringComparison.Ordinal);
        Assert.False((await receiver.NextGoneAsync()).InboxKept);
    }

    [Fact]
    public async Task A_ring_that_its_reader_broke_is_given_up_and_the_next_open_makes_another()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var receiver = new TestReceiver();
        LaneTable sending = bench.Connect(sender, Sender, receiver);
        var reading = new RecordedEnds { KeepsDescriptors = true };
        bench.Connect(worker, Worker, reading);
        OutboundLane broken = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        using (SharedSegment segment = SharedSegment.Open(reading.Kept[0].IntoFile(), RingSegment.RequiredBytes(LaneKind.Inbox, new TransportLimits())))
        using (RingMemory memory = RingMemory.Map(segment, RingRole.Reader))
        {
            memory.Tail = ulong.MaxValue;
        }

        // The tail is looked at when the room that was known is used up.
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            for (int i = 1; i <= 20; i++)
            {
                await broken.SendAsync(Frames.Numbered(i, 100_000));
            }
        });
        Assert.Equal(IpcError.PeerGone, error.Reason);
        ReaderGone gone = await receiver.NextGoneAsync();
        Assert.Same(broken, gone.Lane);
        Assert.False(gone.InboxKept);

        OutboundLane next = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        Assert.NotSame(broken, next);
        await next.SendAsync(Frames.Numbered(1, 100));
        reading.Kept.ForEach(d => d.Dispose());
    }

    [Fact]
    public async Task A_ring_in_which_a_dead_worker_left_cursors_that_make_no_sense_is_not_kept_for_its_successor()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var receiver = new TestReceiver();
        LaneTable sending = bench.Connect(sender, Sender, receiver);
        var reading = new RecordedEnds { KeepsDescriptors = true };
        bench.Connect(worker, Worker, reading);
        OutboundLane broken = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        await broken.SendAsync(Frames.Numbered(1, 100));
        using (SharedSegment segment = SharedSegment.Open(reading.Kept[0].IntoFile(), RingSegment.RequiredBytes(LaneKind.Inbox, new TransportLimits())))
        using (RingMemory memory = RingMemory.Map(segment, RingRole.Reader))
        {
            memory.Done = (ulong)memory.Capacity - 1;
            memory.Started = (ulong)memory.Capacity + 8;
        }

        bench.Run(broker => broker.Exited(worker, Worker, keepInbox: true));

        ReaderGone gone = await receiver.NextGoneAsync();
        Assert.Same(broken, gone.Lane);
        Assert.False(gone.InboxKept);
        Assert.Equal(long.MaxValue, gone.TakenPosition);
        Assert.NotSame(broken, await sending.OpenAsync(Worker, LaneKind.Inbox, default));
        reading.Kept.ForEach(d => d.Dispose());
    }

    [Fact]
    public async Task What_was_published_in_a_lane_that_is_asked_for_again_waits_for_the_reader()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        LaneTable sending = bench.Connect(sender, Sender, new TestReceiver());
        OutboundLane lane = await sending.OpenAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 3; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        bench.Run(b => b.Open(sender, 99, Worker, LaneKind.Inbox));
        var receiver = new TestReceiver();
        bench.Connect(worker, Worker, receiver);
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await receiver.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task A_worker_id_that_was_given_up_can_be_started_again()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions());
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await worker.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        await supervisor.Receiver.NextGoneAsync();

        PeerId next = Worker with { Incarnation = 2 };
        var receiver = new TestReceiver();
        await using WorkerTransport again = await supervisor.ConnectAsync(next, supervisor.Expect(next), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(next, LaneKind.Inbox, default);
        Assert.Equal(LaneBacking.SharedMemory, lane.Backing);
        await lane.SendAsync(Frames.Numbered(1, 100));
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Whoever_waits_for_a_worker_that_is_given_up_is_told()
    {
        await using var supervisor = new TestSupervisor();
        Task<OutboundLane> opening = supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default).AsTask();
        Assert.Equal(IpcError.NoSuchTarget, (await Assert.ThrowsAsync<IpcException>(() => opening)).Reason);
        supervisor.Expect(Worker);
        opening = supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default).AsTask();
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => opening.WaitAsync(Frames.Patience))).Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_that_asks_for_the_same_lane_for_ever_does_not_use_up_what_belongs_to_others(bool useSharedMemory)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        PeerId other = PeerId.Worker("other", 0, 1);
        await using WorkerTransport good = await supervisor.ConnectAsync(other, supervisor.Expect(other));
        supervisor.Transport.AddSlot("absent", 0);
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer greedy = await RawPeer.ConnectAsync(ticket.Endpoint);
        greedy.Send(new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage());
        await supervisor.Receiver.WhenDirectoryAsync(d => d.Find(Worker) is { Id.Incarnation: 1 });
        long before = supervisor.Transport.SharedMemoryInUse;
        for (uint i = 1; i <= 200; i++)
        {
            greedy.Send(new ControlWriter(ControlMessageType.OpenLane).UInt32(i).Peer(PeerId.Worker("absent", 0, 0)).Byte((byte)LaneKind.Inbox).ToMessage());
            greedy.Send(new ControlWriter(ControlMessageType.OpenLane).UInt32(i).Peer(other).Byte((byte)LaneKind.Inbox).ToMessage());
        }

        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(other, LaneKind.Inbox, default);
        Assert.Equal(useSharedMemory ? LaneBacking.SharedMemory : LaneBacking.Pipe, lane.Backing);
        Assert.InRange(supervisor.Transport.SharedMemoryInUse - before, 0, 6 * (1 << 20) + (1 << 18));
        await good.ReportReadyAsync(default);
    }

    private static int CountDescriptors() => Directory.EnumerateFiles("/proc/self/fd").Count();
}
