using System.Buffers;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Tests;

public sealed class WaitingTests
{
    private static readonly TransportLimits Small = new() { RingSize = 4096, AnswerRingSize = 4096, MaxMessageSize = 1 << 20 };

    [Fact]
    public async Task A_full_inbox_fails_a_send_that_does_not_want_to_wait_and_names_the_inbox()
    {
        await using var link = new Link(new RecordingReceiver(), Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 2000));

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await link.Writer.Send(Wait.Frame(3, 2000), TimeSpan.Zero));

        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Contains("worker/1#1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_inbox_fails_a_send_after_its_timeout_and_the_frame_never_arrives()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1900));

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await link.Writer.Send(Wait.Frame(3, 1000), TimeSpan.FromMilliseconds(30)));
        link.Attach(link.Segment);
        await link.Writer.Send(Wait.Frame(4, 1000));
        await Wait.Until(() => receiver.Frames.Count == 3, "what was accepted arrives");

        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Equal([1, 2, 4], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task Waiting_sends_go_in_first_come_first_served_also_small_ones_that_would_fit()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1000));
        ValueTask<long> third = link.Writer.Send(Wait.Frame(3, 1500));
        ValueTask<long> fourth = link.Writer.Send(Wait.Frame(4, 100));
        Assert.False(third.IsCompleted);
        Assert.False(fourth.IsCompleted);

        link.Attach(link.Segment);

        Assert.True(await third < await fourth);
        await Wait.Until(() => receiver.Frames.Count == 4, "all arrive");
        Assert.Equal([1, 2, 3, 4], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task The_end_of_a_lane_does_not_wait_for_a_thread_that_is_serialising()
    {
        await using var link = new Link(new RecordingReceiver(), Small, attach: false);
        link.Writer.BeginFrame();
        var other = new Thread(link.Writer.Dispose) { IsBackground = true };
        other.Start();
        bool ended = other.Join(Wait.Deadline);
        link.Writer.AbortFrame();

        Assert.True(ended);
        Assert.Equal(IpcError.PeerGone, Assert.Throws<IpcException>(() => link.Writer.BeginFrame()).Reason);
    }

    [Fact]
    public async Task News_of_a_successor_do_not_wait_for_a_thread_that_is_serialising_and_its_frame_wakes_the_successor()
    {
        await using var link = new Link(new RecordingReceiver(), Small, attach: false);
        using DoorbellSegment successor = DoorbellSegment.Create(isOwner: true);
        Poke.SetParked(successor, 2);
        link.Writer.BeginFrame().Write(Wait.Frame(1, 100));
        var other = new Thread(() => link.Writer.SetReaderDoorbell(successor)) { IsBackground = true };
        other.Start();
        bool told = other.Join(Wait.Deadline);
        ValueTask<long> sent = link.Writer.CommitFrameAsync(Wait.Deadline, default);

        Assert.True(told);
        await sent;
        Assert.Equal(1u, Poke.Bell(successor));
    }

    [Fact]
    public async Task What_waits_in_one_process_is_bounded_and_the_error_names_the_option()
    {
        await using var link = new Link(new RecordingReceiver(), Small with { MaxMessageSize = 10_000 }, attach: false);
        await link.Writer.Send(Wait.Frame(0, 2000));
        ValueTask<long>[] waiting = [.. Enumerable.Range(1, 4).Select(number => link.Writer.Send(Wait.Frame(number, 10_000)))];

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await link.Writer.Send(Wait.Frame(5, 10_000)));

        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Contains("4 times Ipc:MaxMessageSize (10000)", error.Message, StringComparison.Ordinal);
        Assert.All(waiting, send => Assert.False(send.IsCompleted));
        link.Segment.Close();
        foreach (ValueTask<long> send in waiting)
        {
            await Assert.ThrowsAsync<IpcException>(async () => await send);
        }
    }

    [Fact]
    public async Task A_waiting_send_can_be_cancelled()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1900));
        using var cancel = new CancellationTokenSource();
        ValueTask<long> send = link.Writer.Send(Wait.Frame(3, 1000), cancellationToken: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await send);
    }

    [Fact]
    public async Task A_frame_in_pieces_that_is_cancelled_half_way_is_dropped_by_the_reader()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        using var cancel = new CancellationTokenSource();
        ValueTask<long> send = link.Writer.Send(Wait.Frame(1, 100_000), cancellationToken: cancel.Token);
        Assert.False(send.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await send);

        link.Attach(link.Segment);
        byte[] next = Wait.Frame(2, 50_000);
        await link.Writer.Send(next);
        await Wait.Until(() => !receiver.Frames.IsEmpty, "the next frame arrives");

        Assert.Equal(next, Assert.Single(receiver.Frames));
        Assert.Empty(link.Observer.Faults);
    }

    [Fact]
    public async Task A_frame_above_the_limit_is_refused_and_the_lane_goes_on()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small with { MaxMessageSize = 10_000 });

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await link.Writer.Send(Wait.Frame(1, 10_001)));
        await link.Writer.Send(Wait.Frame(2, 10_000));

        Assert.Equal(IpcError.MessageTooLarge, error.Reason);
        await Wait.Until(() => receiver.Frames.Count == 1, "the next frame arrives");
    }

    [Fact]
    public async Task A_frame_within_a_frame_on_the_same_thread_throws_instead_of_hanging()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver);
        await Task.Run(() =>
        {
            link.Writer.BeginFrame().Write(Wait.Frame(1, 64));
            Assert.Throws<InvalidOperationException>(() => link.Writer.BeginFrame());
            link.Writer.AbortFrame();
            Assert.Throws<InvalidOperationException>(() => link.Writer.AbortFrame());
        });
        await link.Writer.Send(Wait.Frame(2, 64));

        await Wait.Until(() => receiver.Frames.Count == 1, "only the second frame arrives");
        Assert.Equal(2, Wait.NumberOf(receiver.Frames.Single()));
    }

    [Fact]
    public async Task A_closed_ring_refuses_and_what_was_accepted_is_drained()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1900));
        ValueTask<long> waiting = link.Writer.Send(Wait.Frame(3, 1000));

        link.Segment.Close();

        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(async () => await waiting)).Reason);
        Assert.Equal(IpcError.PeerGone, Assert.Throws<IpcException>(() => link.Writer.BeginFrame()).Reason);
        link.Attach(link.Segment);
        await Wait.Until(() => link.Observer.Drained.Count == 1, "the lane is drained");
        Assert.Equal([1, 2], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task A_send_races_with_the_closing_and_is_either_in_or_refused()
    {
        for (int round = 0; round < 200; round++)
        {
            var receiver = new RecordingReceiver();
            await using var link = new Link(receiver);
            int accepted = 0;
            Task sender = Task.Run(async () =>
            {
                try
                {
                    while (true)
                    {
                        await link.Writer.Send(Wait.Frame(accepted, 64));
                        accepted++;
                    }
                }
                catch (IpcException error) when (error.Reason == IpcError.PeerGone)
                {
                }
            });
            await Wait.Until(() => !receiver.Frames.IsEmpty, "some frames arrive");
            link.Segment.Close();
            await sender.WaitAsync(Wait.Deadline);
            await Wait.Until(() => link.Observer.Drained.Count == 1, "the lane is drained");
            Assert.Equal(accepted, receiver.Frames.Count);
        }
    }

    [Fact]
    public async Task A_frame_accepted_and_then_the_ring_closed_between_two_looks_of_the_reader_arrives()
    {
        var receiver = new RecordingReceiver();
        Link? link = null;
        int closed = 0;
        var options = new RingLoopOptions
        {
            KillPoints = point =>
            {
                // Once, between the reader's look at the state and its look at the head, in whatever order.
                if (point == KillPoint.LookedForMore && !receiver.Frames.IsEmpty && Volatile.Read(ref link) is { } ready && Interlocked.Exchange(ref closed, 1) == 0)
                {
                    ready.Writer.Send(Wait.Frame(2, 64)).AsTask().Wait();
                    ready.Segment.Close();
                }
            },
        };
        await using var made = new Link(receiver, options: options);
        Volatile.Write(ref link, made);
        await made.Writer.Send(Wait.Frame(1, 64));

        await Wait.Until(() => made.Observer.Drained.Count == 1, "the lane is drained");
        Assert.Equal([1, 2], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task A_frame_that_was_refused_because_the_ring_was_closed_between_two_looks_of_the_reader_never_runs()
    {
        var receiver = new RecordingReceiver();
        Link? link = null;
        Exception? refusal = null;
        int closed = 0;
        var options = new RingLoopOptions
        {
            KillPoints = point =>
            {
                if (point == KillPoint.LookedForMore && !receiver.Frames.IsEmpty && Volatile.Read(ref link) is { } ready && Interlocked.Exchange(ref closed, 1) == 0)
                {
                    ready.Writer.BeginFrame().Write(Wait.Frame(2, 64));
                    ready.Segment.Close();
                    refusal = Record.Exception(() => ready.Writer.CommitFrameAsync(TimeSpan.Zero, default).AsTask().GetAwaiter().GetResult());
                }
            },
        };
        await using var made = new Link(receiver, options: options);
        Volatile.Write(ref link, made);
        await made.Writer.Send(Wait.Frame(1, 64));

        await Wait.Until(() => made.Observer.Drained.Count == 1, "the lane is drained");
        Assert.Equal(IpcError.PeerGone, Assert.IsType<IpcException>(refusal).Reason);
        Assert.Equal([1], receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task A_closing_that_never_ends_breaks_the_lane_and_stops_nobody()
    {
        await using var link = new Link(new RecordingReceiver(), Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        Volatile.Write(ref link.Segment.Memory.State, (uint)RingState.Closing);

        IpcException error = await Task.Run(async () => await Assert.ThrowsAsync<IpcException>(async () => await link.Writer.Send(Wait.Frame(2, 64)))).WaitAsync(Wait.Deadline);

        Assert.Equal(IpcError.PeerGone, error.Reason);
        Assert.Contains("closing", error.Message, StringComparison.Ordinal);
        Assert.Throws<IpcException>(() => link.Writer.BeginFrame());
        using RingSegment other = link.NewRing();
        using RingWriter writer = link.OpenWriter(other);
        await writer.Send(Wait.Frame(3, 64)); // the process goes on
    }

    [Fact]
    public async Task A_closing_that_never_ends_holds_up_neither_a_sender_s_thread_nor_the_reading_of_its_process()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, new RingLoopOptions { ClosingGrace = TimeSpan.FromHours(1) });
        using RingSegment closing = link.NewRing();
        using RingWriter writer = RingWriter.Open(Link.Duplicate(closing.Descriptor), closing.Length, Link.Receiver, LaneKind.Inbox, link.WriterDoorbell, link.ReaderLoop);
        long first = await writer.Send(Wait.Frame(1, 2000));
        long second = await writer.Send(Wait.Frame(2, 1900));
        Task<long> waiting = writer.Send(Wait.Frame(3, 1001)).AsTask();
        Volatile.Write(ref closing.Memory.State, (uint)RingState.Closing);
        Volatile.Write(ref closing.Memory.Tail, (ulong)first); // its reader gives room back
        link.ReaderDoorbell.Ring();
        await Wait.Until(() => Volatile.Read(ref closing.Memory.Head) > (ulong)second, "what waited is published by the thread that reads");

        await link.Writer.Send(Wait.Frame(4, 65));
        await Wait.Until(() => receiver.Frames.Count == 1, "that thread reads on");
        Task<long>? late = null;
        await Task.Run(() => { late = writer.Send(Wait.Frame(5, 65)).AsTask(); }).WaitAsync(Wait.Deadline); // the call comes back
        Assert.False(waiting.IsCompleted);
        Assert.False(late!.IsCompleted);

        closing.Close();

        Assert.True(await waiting.WaitAsync(Wait.Deadline) < await late.WaitAsync(Wait.Deadline)); // both were published in time
    }

    [Fact]
    public async Task While_a_sender_serialises_the_thread_that_would_write_what_waits_sleeps()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1900));
        Task<long> waiting = link.Writer.Send(Wait.Frame(3, 1001)).AsTask();
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        Task serialising = Task.Factory.StartNew(
            () =>
            {
                link.Writer.BeginFrame();
                begun.Set();
                goOn.Wait(Wait.Deadline);
                link.Writer.AbortFrame();
            },
            TaskCreationOptions.LongRunning);
        Assert.True(begun.Wait(Wait.Deadline));
        await Wait.Until(() => link.WriterLoop.IsParked, "the writer's loop sleeps");
        long parks = link.WriterLoop.Parks;

        link.Attach(link.Segment);

        await Wait.Until(() => receiver.Frames.Count == 2, "there is room");
        await Wait.Until(() => link.WriterLoop.Parks > parks, "the loop has looked and sleeps again");
        Assert.False(waiting.IsCompleted);
        goOn.Set();
        await serialising.WaitAsync(Wait.Deadline);
        await waiting.WaitAsync(Wait.Deadline);
        await Wait.Until(() => receiver.Frames.Count == 3, "it arrives");
    }

    [Fact]
    public async Task A_frame_that_waits_for_room_while_the_ring_is_being_closed_waits_without_a_thread()
    {
        await using var link = new Link(new RecordingReceiver(), Small, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        await link.Writer.Send(Wait.Frame(2, 1900));
        Volatile.Write(ref link.Segment.Memory.State, (uint)RingState.Closing);

        Task<long>? waiting = null;
        await Task.Run(() => { waiting = link.Writer.Send(Wait.Frame(3, 1000)).AsTask(); }).WaitAsync(Wait.Deadline); // the call comes back
        await Wait.Until(() => link.WriterLoop.IsParked, "the writer's loop sleeps");
        Assert.False(waiting!.IsCompleted);

        link.Segment.Close();

        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => waiting.WaitAsync(Wait.Deadline))).Reason);
    }

    [Fact]
    public async Task A_lane_that_is_held_stands_still_until_it_is_resumed()
    {
        bool open = false;
        var receiver = new RecordingReceiver();
        int offered = 0;
        int consumed = 0;
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Interlocked.Increment(ref offered);
            if (!Volatile.Read(ref open))
            {
                return FrameDisposition.Held;
            }

            Assert.Equal(++consumed, Wait.NumberOf(frame.Bytes));
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, Small);
        Task<long> first = link.Writer.Send(Wait.Frame(1, 10_000)).AsTask();
        Task<long> second = link.Writer.Send(Wait.Frame(2, 64)).AsTask();
        await Wait.Until(() => Volatile.Read(ref offered) == 1, "the first frame is offered");
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps although there are frames");

        link.Reader!.Resume();
        await Wait.Until(() => Volatile.Read(ref offered) == 2, "it is offered again");
        Volatile.Write(ref open, true);
        link.Reader.Resume();

        await Wait.Until(() => Volatile.Read(ref consumed) == 2, "both are consumed");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Ended_lanes_can_be_detached_and_attached_again_where_they_stopped()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver);
        RingReader reader = link.Reader!;
        for (int i = 0; i < 50; i++)
        {
            await link.Writer.Send(Wait.Frame(2 * i, 64));
            await link.ReaderLoop.DetachAsync(reader).WaitAsync(Wait.Deadline);
            await link.Writer.Send(Wait.Frame((2 * i) + 1, 64));
            reader = link.Attach(link.Segment);
            await Wait.Until(() => receiver.Frames.Count == 2 * (i + 1), "all frames arrive");
        }

        Assert.Equal(Enumerable.Range(0, 100), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }
}
