using System.Buffers;
using System.Collections.Concurrent;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>What every transport does, whatever carries the frames. One factory per transport.</summary>
public abstract class TransportConformanceTests
{
    private static readonly PeerId First = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Second = PeerId.Worker("worker", 1, 1);

    /// <summary>Makes a cluster with a supervisor and nobody else.</summary>
    protected abstract TestCluster CreateCluster();

    [Fact]
    public async Task A_lane_is_made_of_what_the_transport_is_for()
    {
        await using TestCluster cluster = CreateCluster();
        await cluster.StartAsync(First, new TestReceiver());
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        Assert.Equal(cluster.Backing, lane.Backing);
        Assert.Equal(LaneKind.Inbox, lane.Kind);
        Assert.True(lane.Remote.IsSameSlot(First));
    }

    [Theory]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(256)]
    [InlineData(4096)]
    [InlineData(65_536)]
    [InlineData(1_048_576)]
    [InlineData(5_000_001)]
    public async Task Frames_arrive_whole_and_in_order(int size)
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        int count = Math.Clamp(8_000_000 / size, 4, 5_000);
        Task sending = Task.Run(async () =>
        {
            for (int i = 1; i <= count; i++)
            {
                await lane.SendAsync(Frames.Numbered(i, size));
            }
        });
        for (int i = 1; i <= count; i++)
        {
            ReceivedFrame frame = await receiver.NextAsync();
            Assert.Equal(Frames.Numbered(i, size), frame.Bytes);
            Assert.Equal(PeerId.Supervisor, frame.Lane.Remote);
            Assert.Equal(LaneKind.Inbox, frame.Lane.Kind);
        }

        await sending;
    }

    [Fact]
    public async Task Positions_grow_with_every_frame()
    {
        await using TestCluster cluster = CreateCluster();
        await cluster.StartAsync(First, new TestReceiver());
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        long last = 0;
        for (int i = 1; i <= 100; i++)
        {
            long position = await lane.SendAsync(Frames.Numbered(i, 100));
            Assert.True(position > last);
            last = position;
        }
    }

    [Fact]
    public async Task A_frame_of_the_largest_size_passes_and_one_byte_more_is_refused()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        int limit = TestCluster.Limits.MaxMessageSize;

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await lane.SendAsync(Frames.Numbered(1, limit + 1)));
        Assert.Equal(IpcError.MessageTooLarge, error.Reason);

        await lane.SendAsync(Frames.Numbered(2, limit));
        Assert.Equal(Frames.Numbered(2, limit), (await receiver.NextAsync()).Bytes);
    }

    [Fact]
    public async Task Concurrent_senders_of_one_process_do_not_mix_their_frames_and_each_keeps_its_order()
    {
        const int Senders = 8;
        const int Each = 500;
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        Task sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
        {
            for (int i = 1; i <= Each; i++)
            {
                await lane.SendAsync(Frames.Numbered((sender * 1_000_000L) + i, 64 + (i % 900)));
            }
        })));
        long[] last = new long[Senders];
        for (int n = 0; n < Senders * Each; n++)
        {
            ReceivedFrame frame = await receiver.NextAsync();
            long sender = frame.Number / 1_000_000;
            long number = frame.Number % 1_000_000;
            Assert.Equal(last[sender] + 1, number);
            last[sender] = number;
            Assert.Equal(Frames.Numbered(frame.Number, 64 + (int)(number % 900)), frame.Bytes);
        }

        await sending;
    }

    [Fact]
    public async Task Many_writers_of_one_inbox_each_keep_their_order()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        var writers = new List<Transport> { cluster.Supervisor };
        for (int i = 1; i <= 3; i++)
        {
            writers.Add(await cluster.StartAsync(PeerId.Worker("other", i, 1), new TestReceiver()));
        }

        Task sending = Task.WhenAll(writers.Select(w => Task.Run(async () =>
        {
            OutboundLane lane = await w.OpenLaneAsync(First, LaneKind.Inbox, default);
            for (int i = 1; i <= 300; i++)
            {
                await lane.SendAsync(Frames.Numbered(i, 200));
            }
        })));
        var last = new Dictionary<PeerId, long>();
        for (int n = 0; n < writers.Count * 300; n++)
        {
            ReceivedFrame frame = await receiver.NextAsync();
            Assert.Equal(last.GetValueOrDefault(frame.Lane.Remote) + 1, frame.Number);
            last[frame.Lane.Remote] = frame.Number;
        }

        Assert.Equal(writers.Select(w => w.Self).Order(Comparer<PeerId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))),
            last.Keys.Order(Comparer<PeerId>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))));
        await sending;
    }

    [Fact]
    public async Task A_full_inbox_makes_the_sender_wait_until_there_is_room()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        (int sent, ValueTask<long> waiting) = await FillAsync(lane);
        Assert.False(waiting.IsCompleted);

        gate.Open();
        await waiting.AsTask().WaitAsync(Frames.Patience);
        for (int i = 1; i <= sent + 1; i++)
        {
            Assert.Equal(i, (await gate.Receiver.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task A_full_inbox_fails_the_sender_when_its_time_is_over_and_the_frame_is_not_delivered()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        (int sent, ValueTask<long> waiting) = await FillAsync(lane);

        IpcException late = await Assert.ThrowsAsync<IpcException>(
            async () => await lane.SendAsync(Frames.Numbered(-1, 1000), TimeSpan.FromMilliseconds(50)));
        Assert.Equal(IpcError.InboxFull, late.Reason);
        IpcException now = await Assert.ThrowsAsync<IpcException>(async () => await lane.SendAsync(Frames.Numbered(-1, 1000), TimeSpan.Zero));
        Assert.Equal(IpcError.InboxFull, now.Reason);

        gate.Open();
        await waiting.AsTask().WaitAsync(Frames.Patience);
        await lane.SendAsync(Frames.Numbered(sent + 2, 1000));
        for (int i = 1; i <= sent + 2; i++)
        {
            Assert.Equal(i, (await gate.Receiver.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_can_be_cancelled_and_its_frame_is_not_delivered()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        (int sent, ValueTask<long> waiting) = await FillAsync(lane);

        using var cancel = new CancellationTokenSource();
        Task<long> cancelled = lane.SendAsync(Frames.Numbered(-1, 1000), cancellationToken: cancel.Token).AsTask();
        Task<long> behind = lane.SendAsync(Frames.Numbered(sent + 2, 1000)).AsTask();
        Assert.False(cancelled.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Frames.Patience));

        gate.Open();
        await waiting.AsTask().WaitAsync(Frames.Patience);
        await behind.WaitAsync(Frames.Patience);
        for (int i = 1; i <= sent + 2; i++)
        {
            Assert.Equal(i, (await gate.Receiver.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task Why_a_frame_is_not_published_is_said_by_the_task_and_not_thrown_by_the_commit()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        (_, ValueTask<long> waiting) = await FillAsync(lane);

        Task<long> full = Commit(lane, Frames.Numbered(-1, 1000), TimeSpan.Zero, default).AsTask();
        Task<long> cancelled = Commit(lane, Frames.Numbered(-1, 1000), Frames.Patience, new CancellationToken(canceled: true)).AsTask();

        Assert.True(full.IsFaulted);
        Assert.Equal(IpcError.InboxFull, Assert.IsType<IpcException>(full.Exception!.InnerException).Reason);
        Assert.True(cancelled.IsCanceled);
        gate.Open();
        await waiting.AsTask().WaitAsync(Frames.Patience);
    }

    [Fact]
    public async Task A_cancelled_token_publishes_nothing_also_when_there_is_room()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        Assert.True(Commit(lane, Frames.Numbered(1, 100), Frames.Patience, new CancellationToken(canceled: true)).AsTask().IsCanceled);
        await lane.SendAsync(Frames.Numbered(2, 100));

        Assert.Equal(2, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_commit_without_a_frame_or_without_bytes_throws_and_the_lane_goes_on()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        Assert.Throws<InvalidOperationException>(() => { _ = lane.CommitFrameAsync(Frames.Patience, default).AsTask(); });
        Assert.Throws<InvalidOperationException>(() => { _ = Commit(lane, [], Frames.Patience, default).AsTask(); });
        await Task.Run(async () => await lane.SendAsync(Frames.Numbered(1, 100))).WaitAsync(Frames.Patience);

        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Opening_a_frame_inside_another_one_of_the_same_lane_throws_and_the_outer_one_goes_on()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        IBufferWriter<byte> writer = lane.BeginFrame();
        Assert.Throws<InvalidOperationException>(() => lane.BeginFrame());
        writer.Write(Frames.Numbered(1, 100));
        ValueTask<long> commit = lane.CommitFrameAsync(Frames.Patience, default);
        await commit;
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task An_aborted_frame_is_never_seen()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);

        lane.BeginFrame().Write(Frames.Numbered(1, 5000));
        lane.AbortFrame();
        await lane.SendAsync(Frames.Numbered(2, 100));
        Assert.Equal(2, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_held_frame_comes_again_after_Resume_and_later_ones_stay_behind_it()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));
        await lane.SendAsync(Frames.Numbered(2, 100));
        await gate.Held.WaitAsync(Frames.Patience);
        Assert.False(gate.Receiver.TryNext(out _));

        gate.Open();
        Assert.Equal(1, (await gate.Receiver.NextAsync()).Number);
        Assert.Equal(2, (await gate.Receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_held_lane_does_not_hold_up_another_one()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver(PeerId.Supervisor);
        await cluster.StartAsync(First, gate.Receiver);
        Transport other = await cluster.StartAsync(Second, new TestReceiver());
        OutboundLane held = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        OutboundLane free = await other.OpenLaneAsync(First, LaneKind.Inbox, default);
        await held.SendAsync(Frames.Numbered(1, 100));
        await gate.Held.WaitAsync(Frames.Patience);
        await free.SendAsync(Frames.Numbered(2, 100));
        Assert.Equal(2, (await gate.Receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_taken_frame_keeps_its_bytes_while_the_lane_goes_on()
    {
        await using TestCluster cluster = CreateCluster();
        var leases = new ConcurrentQueue<FrameLease>();
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            leases.Enqueue(frame.Take(keepBytes: true));
            receiver.Keep(in frame);
            return FrameDisposition.Consumed;
        };
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        for (int i = 1; i <= 50; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 700));
        }

        for (int i = 1; i <= 50; i++)
        {
            await receiver.NextAsync();
        }

        long number = 0;
        foreach (FrameLease lease in leases)
        {
            Assert.Equal(Frames.Numbered(++number, 700), lease.Bytes.ToArray());
            lease.MarkStarted();
            lease.Dispose();
        }

        Assert.Equal(50, number);
    }

    [Fact]
    public async Task Fault_closes_its_own_lane_and_no_other()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            if (Frames.NumberOf(frame.Bytes) == 666)
            {
                frame.Lane.Fault("bad frame");
                return FrameDisposition.Consumed;
            }

            receiver.Keep(in frame);
            return FrameDisposition.Consumed;
        };
        var otherReceiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        Transport other = await cluster.StartAsync(Second, otherReceiver);
        OutboundLane bad = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        OutboundLane good = await other.OpenLaneAsync(First, LaneKind.Inbox, default);
        await good.SendAsync(Frames.Numbered(1, 100));
        Assert.Equal(1, (await receiver.NextAsync()).Number);

        await bad.SendAsync(Frames.Numbered(666, 100));
        ReaderGone gone = await cluster.SupervisorReceiver.NextGoneAsync();
        Assert.Same(bad, gone.Lane);
        Assert.False(gone.InboxKept);
        IpcException error = Assert.Throws<IpcException>(() => bad.BeginFrame());
        Assert.Equal(IpcError.PeerGone, error.Reason);

        await good.SendAsync(Frames.Numbered(2, 100));
        Assert.Equal(2, (await receiver.NextAsync()).Number);
        OutboundLane again = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        Assert.NotSame(bad, again);
        await again.SendAsync(Frames.Numbered(3, 100));
        Assert.Equal(3, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task A_lane_opened_twice_is_one_lane()
    {
        await using TestCluster cluster = CreateCluster();
        await cluster.StartAsync(First, new TestReceiver());
        OutboundLane[] lanes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(_ => Task.Run(async () => await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default))));
        Assert.Single(lanes.Distinct());
        Assert.Same(lanes[0], await cluster.Supervisor.OpenLaneAsync(First with { Incarnation = 9 }, LaneKind.Inbox, default));
        Assert.NotSame(lanes[0], await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Answer, default));
    }

    [Fact]
    public async Task The_supervisor_reads_and_writes_like_everybody()
    {
        await using TestCluster cluster = CreateCluster();
        Transport worker = await cluster.StartAsync(First, new TestReceiver());
        OutboundLane fromWorker = await worker.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, default);
        await fromWorker.SendAsync(Frames.Numbered(1, 100));
        ReceivedFrame frame = await cluster.SupervisorReceiver.NextAsync();
        Assert.Equal(1, frame.Number);
        Assert.Equal(First, frame.Lane.Remote);

        OutboundLane toItself = await cluster.Supervisor.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, default);
        await toItself.SendAsync(Frames.Numbered(2, 100));
        Assert.Equal(2, (await cluster.SupervisorReceiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Workers_reach_each_other_and_themselves()
    {
        await using TestCluster cluster = CreateCluster();
        var firstReceiver = new TestReceiver();
        var secondReceiver = new TestReceiver();
        Transport first = await cluster.StartAsync(First, firstReceiver);
        Transport second = await cluster.StartAsync(Second, secondReceiver);
        await (await first.OpenLaneAsync(Second, LaneKind.Inbox, default)).SendAsync(Frames.Numbered(1, 100, FrameKind.Request));
        ReceivedFrame request = await secondReceiver.NextAsync();
        Assert.Equal(First, request.Lane.Remote);
        await (await second.OpenLaneAsync(request.Lane.Remote, LaneKind.Answer, default)).SendAsync(Frames.Numbered(1, 100, FrameKind.Response));
        ReceivedFrame answer = await firstReceiver.NextAsync();
        Assert.Equal(LaneKind.Answer, answer.Lane.Kind);
        Assert.Equal(Second, answer.Lane.Remote);

        await (await first.OpenLaneAsync(First, LaneKind.Inbox, default)).SendAsync(Frames.Numbered(2, 100));
        ReceivedFrame own = await firstReceiver.NextAsync();
        Assert.Equal(First, own.Lane.Remote);
    }

    [Fact]
    public async Task A_delivery_is_never_on_the_stack_of_its_sender()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        int sendingThread = -1;
        bool sameStack = false;
        receiver.OnNext = (scoped in InboundFrame frame) =>
        {
            sameStack |= Volatile.Read(ref sendingThread) == Environment.CurrentManagedThreadId;
            receiver.Keep(in frame);
            return FrameDisposition.Consumed;
        };
        Transport worker = await cluster.StartAsync(First, receiver);
        OutboundLane lane = await worker.OpenLaneAsync(First, LaneKind.Inbox, default);
        for (int i = 0; i < 50; i++)
        {
            lane.BeginFrame().Write(Frames.Numbered(i, 100));
            Volatile.Write(ref sendingThread, Environment.CurrentManagedThreadId);
            ValueTask<long> commit = lane.CommitFrameAsync(Frames.Patience, default);
            Volatile.Write(ref sendingThread, -1);
            await commit;
            await receiver.NextAsync();
        }

        Assert.False(sameStack);
    }

    [Fact]
    public async Task Nobody_who_is_not_in_the_directory_can_be_reached()
    {
        await using TestCluster cluster = CreateCluster();
        IpcException error = await Assert.ThrowsAsync<IpcException>(
            async () => await cluster.Supervisor.OpenLaneAsync(PeerId.Worker("nowhere", 0, 1), LaneKind.Inbox, default));
        Assert.Equal(IpcError.NoSuchTarget, error.Reason);
    }

    [Fact]
    public async Task The_directory_shows_every_slot_what_it_listens_to_and_whether_it_is_ready()
    {
        await using TestCluster cluster = CreateCluster();
        cluster.AddSlot("worker", 0);
        cluster.AddSlot("worker", 1);
        PeerInfo before = cluster.Supervisor.Directory.Find(First)!;
        Assert.Equal(0, before.Id.Incarnation);
        Assert.False(before.IsReady);

        var receiver = new TestReceiver();
        Transport worker = await cluster.StartAsync(First, receiver);
        PeerDirectory seen = await receiver.WhenDirectoryAsync(d => d.Find(First) is { IsReady: true });
        Assert.Equal(First, seen.Find(First)!.Id);
        Assert.True(seen.Find(First)!.Actions.Contains(ActionHash.Compute("test")));
        Assert.Equal(0, seen.Find(Second)!.Id.Incarnation);
        Assert.True(seen.Find(PeerId.Supervisor)!.IsReady);
        Assert.Equal(2, worker.Directory.GetGroup("worker").Count);

        await cluster.KillAsync(First, keepInbox: true);
        PeerDirectory after = await cluster.SupervisorReceiver.WhenDirectoryAsync(d => d.Find(First) is { IsReady: false, Id.Incarnation: 1 });
        Assert.True(after.Find(First)!.Actions.Contains(ActionHash.Compute("test")));
    }

    [Fact]
    public async Task When_a_reader_ends_its_senders_learn_how_far_it_had_taken_their_frames()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        long position = 0;
        for (int i = 1; i <= 10; i++)
        {
            position = await lane.SendAsync(Frames.Numbered(i, 100));
            await receiver.NextAsync();
        }

        await cluster.KillAsync(First, keepInbox: true);
        ReaderGone gone = await cluster.SupervisorReceiver.NextGoneAsync();
        Assert.Same(lane, gone.Lane);
        Assert.Equal(First, gone.Reader);
        Assert.True(gone.TakenPosition >= position, $"{gone.TakenPosition} < {position}");
        Assert.Equal(cluster.KeepsInboxes, gone.InboxKept);
    }

    [Fact]
    public async Task A_worker_id_that_is_given_up_closes_its_lanes_and_cannot_be_reached()
    {
        await using TestCluster cluster = CreateCluster();
        await cluster.StartAsync(First, new TestReceiver());
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        await cluster.KillAsync(First, keepInbox: false);
        ReaderGone gone = await cluster.SupervisorReceiver.NextGoneAsync();
        Assert.False(gone.InboxKept);
        Assert.Equal(IpcError.PeerGone, Assert.Throws<IpcException>(() => lane.BeginFrame()).Reason);
        IpcException error = await Assert.ThrowsAsync<IpcException>(
            async () => await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default));
        Assert.Equal(IpcError.PeerGone, error.Reason);
    }

    [Fact]
    public async Task A_successor_gets_what_its_predecessor_had_not_taken_where_inboxes_are_kept()
    {
        await using TestCluster cluster = CreateCluster();
        if (!cluster.KeepsInboxes)
        {
            return; // The next test says what happens instead.
        }

        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        for (int i = 1; i <= 20; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 300));
        }

        await gate.Held.WaitAsync(Frames.Patience);
        await cluster.KillAsync(First, keepInbox: true);
        Assert.True((await cluster.SupervisorReceiver.NextGoneAsync()).InboxKept);
        await lane.SendAsync(Frames.Numbered(21, 300));

        var successor = new TestReceiver();
        await cluster.StartAsync(First with { Incarnation = 2 }, successor);
        await lane.SendAsync(Frames.Numbered(22, 300));
        for (int i = 1; i <= 22; i++)
        {
            Assert.Equal(i, (await successor.NextAsync()).Number);
        }
    }

    [Fact]
    public async Task A_successor_can_be_reached()
    {
        await using TestCluster cluster = CreateCluster();
        var receiver = new TestReceiver();
        await cluster.StartAsync(First, receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 300));
        await receiver.NextAsync();
        await cluster.KillAsync(First, keepInbox: true);
        await cluster.SupervisorReceiver.NextGoneAsync();

        ValueTask<OutboundLane> opening = cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        var successor = new TestReceiver();
        await cluster.StartAsync(First with { Incarnation = 2 }, successor);
        OutboundLane next = await opening.AsTask().WaitAsync(Frames.Patience);
        Assert.Equal(cluster.KeepsInboxes, ReferenceEquals(lane, next));
        await next.SendAsync(Frames.Numbered(2, 300));
        Assert.Equal(2, (await successor.NextAsync()).Number);
    }

    [Fact]
    public async Task An_answer_never_reaches_the_successor_of_its_asker()
    {
        await using TestCluster cluster = CreateCluster();
        await cluster.StartAsync(First, new TestReceiver());
        OutboundLane answers = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Answer, default);
        await cluster.KillAsync(First, keepInbox: true);
        ReaderGone gone = await cluster.SupervisorReceiver.NextGoneAsync();
        Assert.Same(answers, gone.Lane);
        Assert.False(gone.InboxKept);
        Assert.Equal(IpcError.PeerGone, Assert.Throws<IpcException>(() => answers.BeginFrame()).Reason);

        var successor = new TestReceiver();
        await cluster.StartAsync(First with { Incarnation = 2 }, successor);
        IpcException error = await Assert.ThrowsAsync<IpcException>(
            async () => await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Answer, default));
        Assert.Equal(IpcError.PeerGone, error.Reason);
        OutboundLane inbox = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        await inbox.SendAsync(Frames.Numbered(2, 100));
        Assert.Equal(LaneKind.Inbox, (await successor.NextAsync()).Lane.Kind);
    }

    [Fact]
    public async Task What_a_worker_had_answered_is_read_before_its_askers_learn_of_its_death()
    {
        await using TestCluster cluster = CreateCluster();
        if (cluster.Backing == LaneBacking.Memory)
        {
            return; // Nobody dies alone in one process.
        }

        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var worker = new TestReceiver
        {
            OnNext = (scoped in InboundFrame frame) =>
            {
                frame.Take(keepBytes: false).MarkStarted(); // and never finished
                taken.SetResult();
                return FrameDisposition.Consumed;
            },
        };
        Transport answering = await cluster.StartAsync(First, worker);
        using var gate = new ManualResetEventSlim();
        var blocked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int read = 0;
        cluster.SupervisorReceiver.OnNext = (scoped in InboundFrame frame) =>
        {
            if (frame.Lane.Kind == LaneKind.Answer && Interlocked.Increment(ref read) == 1)
            {
                blocked.SetResult();
                gate.Wait(Frames.Patience);
            }

            return FrameDisposition.Consumed;
        };
        OutboundLane inbox = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        await inbox.SendAsync(Frames.Numbered(1, 100, FrameKind.Request));
        await taken.Task.WaitAsync(Frames.Patience);
        OutboundLane answers = await answering.OpenLaneAsync(PeerId.Supervisor, LaneKind.Answer, default);
        await answers.SendAsync(Frames.Numbered(1, 100, FrameKind.Response));
        await answers.SendAsync(Frames.Numbered(2, 100, FrameKind.Response));
        await blocked.Task.WaitAsync(Frames.Patience);

        await cluster.KillAsync(First, keepInbox: true);
        cluster.AddSlot("worker", 0); // returns when the death has been accounted for
        Assert.False(cluster.SupervisorReceiver.TryNextGone(out _));
        Assert.Empty(cluster.SupervisorReceiver.Interrupted);

        gate.Set();
        await cluster.SupervisorReceiver.NextGoneAsync();
        Assert.Equal(2, Volatile.Read(ref read));
        await cluster.SupervisorReceiver.WhenInterruptedAsync(cluster.Backing == LaneBacking.SharedMemory ? 1 : 0);
    }

    [Fact]
    public async Task What_a_dead_sender_had_sent_is_still_read_and_its_successor_has_a_lane_of_its_own()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(Second, gate.Receiver);
        Transport sender = await cluster.StartAsync(First, new TestReceiver());
        OutboundLane lane = await sender.OpenLaneAsync(Second, LaneKind.Inbox, default);
        for (int i = 1; i <= 5; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 100));
        }

        await gate.Held.WaitAsync(Frames.Patience);
        await cluster.KillAsync(First, keepInbox: true);
        Transport successor = await cluster.StartAsync(First with { Incarnation = 2 }, new TestReceiver());
        gate.Open();
        for (int i = 1; i <= 5; i++)
        {
            ReceivedFrame frame = await gate.Receiver.NextAsync();
            Assert.Equal((i, First), ((int)frame.Number, frame.Lane.Remote));
        }

        await (await successor.OpenLaneAsync(Second, LaneKind.Inbox, default)).SendAsync(Frames.Numbered(6, 100));
        ReceivedFrame last = await gate.Receiver.NextAsync();
        Assert.Equal((6, First with { Incarnation = 2 }), ((int)last.Number, last.Lane.Remote));
    }

    [Fact]
    public async Task A_sender_that_waits_for_room_is_released_when_the_inbox_is_given_up()
    {
        await using TestCluster cluster = CreateCluster();
        var gate = new HeldReceiver();
        await cluster.StartAsync(First, gate.Receiver);
        OutboundLane lane = await cluster.Supervisor.OpenLaneAsync(First, LaneKind.Inbox, default);
        (_, ValueTask<long> waiting) = await FillAsync(lane);
        await cluster.KillAsync(First, keepInbox: false);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => waiting.AsTask().WaitAsync(Frames.Patience));
        Assert.Equal(IpcError.PeerGone, error.Reason);
    }

    [Fact]
    public async Task Everybody_knows_subscriptions_when_announcing_them_has_completed_and_they_end_with_their_incarnation()
    {
        await using TestCluster cluster = CreateCluster();
        Transport first = await cluster.StartAsync(First, new TestReceiver());
        Transport second = await cluster.StartAsync(Second, new TestReceiver());
        Transport[] all = [cluster.Supervisor, first, second];
        foreach (Transport one in all)
        {
            for (int i = 1; i <= 100; i++)
            {
                await one.AnnounceAsync([new TopicSubscription("orders", number: i), new TopicSubscription("jobs.*", "billing", i)], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
                Assert.All(all, other => Assert.Equal([$"topic#{i}:orders", $"queue#{i}:billing:jobs.*"], SubscriptionsOf(other, one.Self)));
            }
        }

        await second.AnnounceAsync([], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
        Assert.All(all, other => Assert.Empty(SubscriptionsOf(other, Second)));

        await cluster.KillAsync(First, keepInbox: true);
        await cluster.StartAsync(First with { Incarnation = 2 }, new TestReceiver());
        await second.AnnounceAsync([], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
        Assert.Empty(SubscriptionsOf(second, First));
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => first.AnnounceAsync([], CancellationToken.None).AsTask())).Reason);

        static string[] SubscriptionsOf(Transport transport, PeerId peer) => [.. transport.Directory.Find(peer)!.Actions.Subscriptions.Select(s => s.Action)];
    }

    private static ValueTask<long> Commit(OutboundLane lane, byte[] frame, TimeSpan timeout, CancellationToken cancellationToken)
    {
        lane.BeginFrame().Write(frame);
        return lane.CommitFrameAsync(timeout, cancellationToken);
    }

    /// <summary>Sends numbers until the lane takes no more.</summary>
    /// <returns>How many were published, and the one that waits.</returns>
    private static async Task<(int Sent, ValueTask<long> Waiting)> FillAsync(OutboundLane lane)
    {
        for (int i = 1; i < 100_000; i++)
        {
            ValueTask<long> commit = lane.SendAsync(Frames.Numbered(i, 1000));
            if (!commit.IsCompleted)
            {
                return (i - 1, commit);
            }

            await commit;
        }

        throw new InvalidOperationException("The lane has no bound.");
    }
}
