using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ipc.Transports.Rings.Tests;

public sealed class HandOverTests
{
    [Fact]
    public async Task A_listener_that_blocks_does_not_stop_the_others()
    {
        using var release = new ManualResetEventSlim();
        var arrived = new ConcurrentQueue<int>();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            int number = Wait.NumberOf(frame.Bytes);
            frame.MarkStarted();
            frame.Lane.EnterUserCode();
            if (number == 1)
            {
                release.Wait(Wait.Deadline);
            }

            arrived.Enqueue(number);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        await link.Writer.Send(Wait.Frame(1, 100));
        await link.Writer.Send(Wait.Frame(2, 100));

        await Wait.Until(() => arrived.Contains(2), "the second frame is read while the first blocks");
        Assert.DoesNotContain(1, arrived);
        Assert.Equal(1, link.ReaderLoop.HandOvers);

        release.Set();
        await Wait.Until(() => arrived.Contains(1), "the first listener ends");
        await link.Writer.Send(Wait.Frame(3, 100));
        await Wait.Until(() => arrived.Contains(3), "the reading goes on");
    }

    [Fact]
    public async Task A_frame_can_be_taken_while_the_thread_that_takes_over_has_not_settled_it()
    {
        using var takingOver = new ManualResetEventSlim();
        ReaderThread? late = null;
        FrameLease? lease = null;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            if (Wait.NumberOf(frame.Bytes) != 1)
            {
                return FrameDisposition.Consumed; // arrives so that there is something to take over for
            }

            frame.Lane.EnterUserCode();
            Volatile.Write(ref late, ReaderThread.Current);
            takingOver.Wait(Wait.Deadline);
            Volatile.Write(ref lease, frame.Take(keepBytes: false));
            return FrameDisposition.Consumed;
        };
        var options = new RingLoopOptions
        {
            KillPoints = point =>
            {
                if (point == KillPoint.TakingOver && !takingOver.IsSet)
                {
                    takingOver.Set();
                    SpinWait.SpinUntil(() => Volatile.Read(ref late)!.IsTaken, TimeSpan.FromMilliseconds(100)); // must not happen before this thread goes on
                }
            },
        };
        await using var link = new Link(receiver, options: options);
        await link.Writer.Send(Wait.Frame(1, 100));
        await link.Writer.Send(Wait.Frame(2, 100));

        await Wait.Until(() => Volatile.Read(ref lease) is not null, "the frame is taken");
        Assert.Equal(1, link.ReaderLoop.HandOvers);
        Assert.Empty(link.Observer.Failures);
        lease!.Dispose();
    }

    [Fact]
    public async Task The_reading_cannot_be_taken_over_before_the_standby_is_armed()
    {
        RingReaderLoop? loop = null;
        var early = new ConcurrentQueue<bool>();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.Lane.EnterUserCode();
            return FrameDisposition.Consumed;
        };
        var options = new RingLoopOptions
        {
            KillPoints = point =>
            {
                if (point == KillPoint.ArmingStandby)
                {
                    early.Enqueue(Volatile.Read(ref loop)!.CanBeTakenOver);
                }
            },
        };
        await using var link = new Link(receiver, options: options);
        Volatile.Write(ref loop, link.ReaderLoop);
        await Wait.Until(
            () =>
            {
                if (link.ReaderLoop.IsParked)
                {
                    link.Writer.Send(Wait.Frame(1, 64)).AsTask().Wait();
                }

                return !early.IsEmpty;
            },
            "the standby is asleep when a listener's code begins");

        Assert.DoesNotContain(true, early);
    }

    [Fact]
    public async Task An_arrival_wakes_the_standby_when_the_reader_was_asleep_before_it_blocked()
    {
        using var release = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var receiver = new RecordingReceiver();
        bool second = false;
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.Lane.EnterUserCode();
            if (Wait.NumberOf(frame.Bytes) == 1)
            {
                inside.Set();
                release.Wait(Wait.Deadline);
            }
            else
            {
                Volatile.Write(ref second, true);
            }

            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        for (int round = 0; round < 20; round++)
        {
            long parks = link.ReaderLoop.Parks;
            await Wait.Until(() => link.ReaderLoop.Parks >= parks && link.ReaderLoop.IsParked, "the reader sleeps");
            inside.Reset();
            release.Reset();
            Volatile.Write(ref second, false);
            await link.Writer.Send(Wait.Frame(1, 64));
            Assert.True(inside.Wait(Wait.Deadline));
            long start = Stopwatch.GetTimestamp();
            await link.Writer.Send(Wait.Frame(2, 64));
            await Wait.Until(() => Volatile.Read(ref second), "the second frame is read");
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
            release.Set();
        }

        Assert.True(link.ReaderLoop.HandOvers >= 20);
    }

    [Fact]
    public async Task A_late_receiver_may_still_take_its_frame_and_finishes_it_by_returning()
    {
        using var release = new ManualResetEventSlim();
        var receiver = new RecordingReceiver();
        FrameLease? lease = null;
        int second = 0;
        var delivered = new System.Collections.Concurrent.ConcurrentQueue<int>();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            int number = Wait.NumberOf(frame.Bytes);
            delivered.Enqueue(number);
            frame.Lane.EnterUserCode();
            if (number == 1)
            {
                release.Wait(Wait.Deadline);
                Volatile.Write(ref lease, frame.Take(keepBytes: false));
            }
            else
            {
                Volatile.Write(ref second, number);
            }

            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        await link.Writer.Send(Wait.Frame(1, 64));
        await link.Writer.Send(Wait.Frame(2, 64));
        await Wait.Until(() => Volatile.Read(ref second) == 2, "the second frame is read");
        Assert.Equal(1, link.Reader!.OpenLeases);

        release.Set();
        await Wait.Until(() => Volatile.Read(ref lease) is not null, "the late receiver takes its frame");
        Assert.Equal(1, link.Reader.OpenLeases);
        lease!.Dispose();
        Assert.Equal(0, link.Reader.OpenLeases);

        // The late thread has returned by now or soon: it must not set the lane back to where its own frame ended.
        await link.Writer.Send(Wait.Frame(3, 64));
        await Wait.Until(() => Volatile.Read(ref second) == 3, "the third frame is read");
        Assert.Equal([1, 2, 3], delivered);
        await Wait.Until(() => Volatile.Read(ref link.Segment.Memory.Done) == Volatile.Read(ref link.Segment.Memory.Head), "all frames are done");
    }

    [Fact]
    public async Task When_every_thread_is_inside_a_listener_answers_are_still_read()
    {
        using var release = new ManualResetEventSlim();
        int blocked = 0;
        int answers = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            if (frame.Lane.Kind == LaneKind.Answer)
            {
                Interlocked.Increment(ref answers);
                return FrameDisposition.Consumed;
            }

            frame.Lane.EnterUserCode();
            Interlocked.Increment(ref blocked);
            release.Wait(Wait.Deadline);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: new RingLoopOptions { MaxStandbys = 3 });
        using RingSegment answerRing = link.NewRing(LaneKind.Answer);
        using RingWriter answerWriter = link.OpenWriter(answerRing);
        link.Attach(answerRing);
        for (int i = 0; i < 10; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 64));
        }

        await Wait.Until(() => link.ReaderLoop.HandOvers == 3, "three listeners block and the last thread has no standby");
        await answerWriter.Send(Wait.Frame(1, 64, FrameKind.Response));
        await Wait.Until(() => Volatile.Read(ref answers) == 1, "the answer is read");
        Assert.Equal(3, Volatile.Read(ref blocked));

        release.Set();
        await Wait.Until(() => Volatile.Read(ref blocked) == 10, "the rest is read when threads come back");
    }

    [Fact]
    public async Task A_receiver_that_throws_loses_nothing_but_its_frame()
    {
        var receiver = new RecordingReceiver();
        var seen = new ConcurrentQueue<int>();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            seen.Enqueue(Wait.NumberOf(frame.Bytes));
            return seen.Count == 1 ? throw new InvalidOperationException("on purpose") : FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        await link.Writer.Send(Wait.Frame(1, 64));
        await link.Writer.Send(Wait.Frame(2, 64));

        await Wait.Until(() => seen.Count == 2, "the second frame arrives");
        Assert.Equal("on purpose", Assert.Single(link.Observer.Failures).Message);
    }

    [Fact]
    public async Task An_AsyncLocal_set_by_a_listener_is_gone_for_the_next()
    {
        var local = new AsyncLocal<string?>();
        var seen = new ConcurrentQueue<string?>();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            seen.Enqueue(local.Value);
            local.Value = "left behind";
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        await link.Writer.Send(Wait.Frame(1, 64));
        await link.Writer.Send(Wait.Frame(2, 64));

        await Wait.Until(() => seen.Count == 2, "both frames arrive");
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_listener_that_blocks()
    {
        using var release = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.Lane.EnterUserCode();
            inside.Set();
            release.Wait(Wait.Deadline);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver);
        await link.Writer.Send(Wait.Frame(1, 64));
        Assert.True(inside.Wait(Wait.Deadline));

        await link.ReaderLoop.DisposeAsync().AsTask().WaitAsync(Wait.Deadline);
        release.Set();
    }
}
