using System.Buffers;
using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Tests;

public sealed class DoorbellTests
{
    [Fact]
    public async Task No_wake_is_ever_lost()
    {
        // Without spinning the reader lies down after every frame; two senders hammer at the moment of lying down.
        int got = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Interlocked.Increment(ref got);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: new RingLoopOptions { SpinBudget = 0, YieldBudget = 0 });
        using RingSegment other = link.NewRing();
        using RingWriter second = link.OpenWriter(other);
        link.Attach(other);
        long parks = link.ReaderLoop.Parks;
        const int Each = 20_000;

        void Hammer(RingWriter writer)
        {
            byte[] frame = Wait.Frame(0, 64);
            for (int i = 0; i < Each; i++)
            {
                writer.BeginFrame().Write(frame);
                _ = writer.CommitFrameAsync(Wait.Deadline, default).AsTask().Wait(Wait.Deadline);
                if (i % 64 == 0)
                {
                    int before = Volatile.Read(ref got);
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref got) != before || link.Segment.IsDrained, Wait.Deadline), "a frame was not seen");
                }
            }
        }

        Task[] threads = [Task.Factory.StartNew(() => Hammer(link.Writer), TaskCreationOptions.LongRunning), Task.Factory.StartNew(() => Hammer(second), TaskCreationOptions.LongRunning)];
        await Task.WhenAll(threads).WaitAsync(TimeSpan.FromSeconds(60));
        await Wait.Until(() => Volatile.Read(ref got) == 2 * Each, "all frames are seen");
        Assert.True(link.ReaderLoop.Parks > parks);
    }

    [Fact]
    public async Task A_frame_published_just_before_the_reader_says_that_it_sleeps_is_seen()
    {
        var receiver = new RecordingReceiver();
        Link? link = null;
        int published = 0;
        var options = new RingLoopOptions
        {
            SpinBudget = 0,
            YieldBudget = 0,
            KillPoints = point =>
            {
                // Once, by a sender that looks at the doorbell now: it sees that nobody sleeps.
                if (point == KillPoint.LyingDown && Volatile.Read(ref link) is { } ready && Interlocked.Exchange(ref published, 1) == 0)
                {
                    ready.Writer.Send(Wait.Frame(2, 64)).AsTask().Wait();
                }
            },
        };
        await using var made = new Link(receiver, options: options);
        Volatile.Write(ref link, made);
        await made.Writer.Send(Wait.Frame(1, 64));
        await Wait.Until(() => receiver.Frames.Count == 2, "the frame that came while the reader lay down is seen");
    }

    [Fact]
    public async Task Room_that_appears_just_before_a_sender_says_that_it_waits_is_seen()
    {
        var receiver = new RecordingReceiver();
        Link? link = null;
        int given = 0;
        var options = new RingLoopOptions
        {
            SpinBudget = 0,
            YieldBudget = 0,
            KillPoints = point =>
            {
                // Once: the reader empties the ring now. It sees that nobody waits, and rings for nobody.
                if (point == KillPoint.WaitingForRoom && Volatile.Read(ref link) is { } ready && Interlocked.Exchange(ref given, 1) == 0)
                {
                    ready.Attach(ready.Segment);
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ready.Segment.Memory.Tail) == Volatile.Read(ref ready.Segment.Memory.Head), Wait.Deadline));
                }
            },
        };
        await using var made = new Link(receiver, new TransportLimits { RingSize = 4096 }, options, attach: false);
        Volatile.Write(ref link, made);
        await made.Writer.Send(Wait.Frame(1, 2000));
        await made.Writer.Send(Wait.Frame(2, 2000));
        await made.Writer.Send(Wait.Frame(3, 2000));
        Assert.Equal(1, given);
    }

    [Fact]
    public async Task A_wake_for_room_is_never_lost_either()
    {
        int got = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Interlocked.Increment(ref got);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, new RingLoopOptions { SpinBudget = 0, YieldBudget = 0 });
        for (int i = 0; i < 5000; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 1500));
        }

        await Wait.Until(() => Volatile.Read(ref got) == 5000, "all frames are seen");
    }

    [Fact]
    public async Task A_ringer_that_stops_between_looking_and_waking_delays_nobody_else()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: new RingLoopOptions { SpinBudget = 0, YieldBudget = 0 });
        using RingSegment stoppedRing = link.NewRing();
        link.Attach(stoppedRing);
        for (int i = 0; i < 100; i++)
        {
            await Wait.Until(() => link.ReaderLoop.IsParked && Poke.Parked(link.ReaderDoorbell) != 0, "the reader sleeps");

            // The sender that stops has read the episode, and even raised the bell; its wake never comes. It has cleared nothing.
            ulong episode = Poke.Parked(link.ReaderDoorbell);
            Assert.NotEqual(0ul, episode);
            Poke.RaiseBellOnly(link.ReaderDoorbell);

            long start = Stopwatch.GetTimestamp();
            await link.Writer.Send(Wait.Frame(i, 64));
            await Wait.Until(() => receiver.Frames.Count == i + 1, "the innocent sender's frame is seen");
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2));
        }
    }

    [Fact]
    public void A_ringer_leaves_the_flag_of_who_sleeps_as_it_is()
    {
        using DoorbellSegment doorbell = DoorbellSegment.Create(isOwner: true);
        Poke.SetParked(doorbell, 42);
        ulong last = 0;

        Poke.RingIfParked(doorbell, ref last);

        Assert.Equal(1u, Poke.Bell(doorbell));
        Assert.Equal(42ul, Poke.Parked(doorbell)); // had it been cleared, a ringer that stopped before its wake would have silenced everybody else
    }

    [Fact]
    public async Task A_ringer_rings_once_for_each_sleep()
    {
        await using var link = new Link(new RecordingReceiver(), options: new RingLoopOptions { SpinBudget = 0, YieldBudget = 0 });
        await Wait.Until(() => Poke.Parked(link.ReaderDoorbell) != 0, "the reader sleeps");
        ulong episode = Poke.Parked(link.ReaderDoorbell);
        using DoorbellSegment doorbell = DoorbellSegment.Create(isOwner: true);
        Poke.SetParked(doorbell, episode);
        ulong last = 0;

        Poke.RingIfParked(doorbell, ref last);
        Poke.RingIfParked(doorbell, ref last);
        Assert.Equal(1u, Poke.Bell(doorbell));
        Poke.SetParked(doorbell, episode + 2);
        Poke.RingIfParked(doorbell, ref last);
        Assert.Equal(2u, Poke.Bell(doorbell));
        Poke.SetParked(doorbell, 0);
        Poke.RingIfParked(doorbell, ref last);
        Assert.Equal(2u, Poke.Bell(doorbell));
    }

    [Fact]
    public void A_doorbell_that_was_disposed_rings_as_long_as_somebody_uses_it()
    {
        DoorbellSegment doorbell = DoorbellSegment.Create(isOwner: true);
        doorbell.AddUser();
        doorbell.Dispose();

        doorbell.Ring();

        Assert.Equal(1u, Poke.Bell(doorbell));
        doorbell.RemoveUser();
        doorbell.Ring(); // nobody is left
    }

    [Fact]
    public async Task An_idle_loop_uses_no_processor()
    {
        await using var link = new Link(new RecordingReceiver());
        for (int i = 0; i < 3; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 64));
        }

        await Wait.Until(() => link.ReaderLoop.IsParked && link.WriterLoop.IsParked, "both loops sleep");
        await Task.Delay(100);
        long parks = link.ReaderLoop.Parks;
        await Task.Delay(300);
        Assert.Equal(parks, link.ReaderLoop.Parks); // not woken once
    }

    [Fact]
    public async Task A_busy_lane_leaves_the_others_their_turn()
    {
        var order = new ConcurrentQueue<int>();
        using var go = new ManualResetEventSlim();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            go.Wait(Wait.Deadline);
            order.Enqueue(Wait.NumberOf(frame.Bytes));
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: new RingLoopOptions { BatchFrames = 16 });
        using RingSegment other = link.NewRing();
        using RingWriter second = link.OpenWriter(other);
        link.Attach(other);
        for (int i = 0; i < 1000; i++)
        {
            await link.Writer.Send(Wait.Frame(0, 64));
        }

        await second.Send(Wait.Frame(1, 64));
        go.Set();
        await Wait.Until(() => order.Count == 1001, "all frames are read");
        Assert.InRange(order.ToList().IndexOf(1), 0, 64);
    }
}
