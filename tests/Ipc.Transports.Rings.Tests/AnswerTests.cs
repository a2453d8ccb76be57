namespace Ipc.Transports.Rings.Tests;

public sealed class AnswerTests
{
    [Fact]
    public async Task A_caller_that_polls_finds_its_answer_on_its_own_thread()
    {
        var waiter = new Waiter();
        int thread = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            thread = Environment.CurrentManagedThreadId;
            waiter.Answered();
            return FrameDisposition.Consumed;
        };
        int found = 0;
        await using var link = new Link(receiver, options: new RingLoopOptions { YieldBudget = 5000 }, kind: LaneKind.Answer);
        for (int i = 0; i < 200 && found < 5; i++)
        {
            waiter.Reset();
            await link.Writer.Send(Wait.Frame(i, 64, FrameKind.Response));
            link.ReaderLoop.PollAnswers(waiter);
            await Wait.Until(() => waiter.IsAnswered, "the answer is found, by the caller or the reader");
            found += thread == Environment.CurrentManagedThreadId ? 1 : 0;
        }

        Assert.True(found > 0, "no caller ever found its own answer");
    }

    [Fact]
    public async Task An_answer_that_comes_after_the_polling_wakes_the_reader()
    {
        var waiter = new Waiter();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            waiter.Answered();
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, kind: LaneKind.Answer);
        for (int i = 0; i < 500; i++)
        {
            waiter.Reset();
            await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");
            Task polling = Task.Run(() => link.ReaderLoop.PollAnswers(waiter));
            if (i % 2 == 0)
            {
                await polling;
            }

            await link.Writer.Send(Wait.Frame(i, 64, FrameKind.Response));
            await Wait.Until(() => waiter.IsAnswered, "the answer is read");
            await polling;
        }
    }

    [Fact]
    public async Task While_a_caller_reads_answers_the_reader_sleeps_although_there_are_more()
    {
        using var inside = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        int caller = 0;
        int read = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            if (Environment.CurrentManagedThreadId == Volatile.Read(ref caller))
            {
                inside.Set();
                goOn.Wait(2 * Wait.Deadline);
            }

            Interlocked.Increment(ref read);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: new RingLoopOptions { YieldBudget = 5000 }, kind: LaneKind.Answer);
        int sent = 0;
        Task polling = Task.Factory.StartNew(
            () =>
            {
                // Until this thread, and not the reader, has found an answer.
                Volatile.Write(ref caller, Environment.CurrentManagedThreadId);
                while (!inside.IsSet)
                {
                    link.Writer.Send(Wait.Frame(++sent, 64, FrameKind.Response)).AsTask().Wait();
                    link.ReaderLoop.PollAnswers(new Waiter());
                }
            },
            TaskCreationOptions.LongRunning);
        Assert.True(inside.Wait(Wait.Deadline));
        await link.Writer.Send(Wait.Frame(0, 64, FrameKind.Response));
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");

        link.ReaderLoop.WakeSelf();
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps again");
        goOn.Set();
        await polling.WaitAsync(Wait.Deadline);
        await Wait.Until(() => Volatile.Read(ref read) == sent + 1, "every answer is read");
    }

    [Fact]
    public async Task A_lane_that_ends_while_a_caller_polls_stays_mapped_until_the_reader_has_looked_away()
    {
        using var lyingDown = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        int reader = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Volatile.Write(ref reader, Environment.CurrentManagedThreadId);
            return FrameDisposition.Consumed;
        };
        var options = new RingLoopOptions
        {
            YieldBudget = 5000,
            KillPoints = point =>
            {
                if (point == KillPoint.LyingDown && Volatile.Read(ref reader) == Environment.CurrentManagedThreadId)
                {
                    lyingDown.Set();
                    goOn.Wait(2 * Wait.Deadline);
                }
            },
        };
        await using var link = new Link(receiver, options: options, kind: LaneKind.Answer);
        await link.Writer.Send(Wait.Frame(1, 64, FrameKind.Response));
        Assert.True(lyingDown.Wait(Wait.Deadline));
        int before = Mappings();
        link.Segment.Close();
        await Wait.Until(
            () =>
            {
                link.ReaderLoop.PollAnswers(new Waiter());
                return !link.Observer.Drained.IsEmpty;
            },
            "a polling caller finds the end of the lane");
        Assert.Equal(before, Mappings());
        goOn.Set();
        await Wait.Until(() => Mappings() < before, "the lane is unmapped");

        int Mappings() => File.ReadLines("/proc/self/maps").Count(line => line.Contains($"ipc-ring-{link.Segment.RingId} ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_nobody_waits_for_wakes_nobody_and_is_there_for_who_reads()
    {
        var receiver = new RecordingReceiver { Expects = () => false };
        await using var link = new Link(receiver, kind: LaneKind.Answer);
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");
        uint bell = Bell(link);

        for (int i = 0; i < 10; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 65, FrameKind.Response));
        }

        Assert.Equal(bell, Bell(link));
        Assert.Empty(receiver.Frames);
        link.ReaderLoop.ReadAnswers();
        Assert.Equal(Enumerable.Range(0, 10), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task A_lane_of_answers_that_is_dropped_while_it_is_read_ends_the_reading()
    {
        var receiver = new RecordingReceiver { Expects = () => false };
        await using var link = new Link(receiver, kind: LaneKind.Answer);
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.Lane.Fault("a test");
            return FrameDisposition.Consumed;
        };
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");
        for (int i = 0; i < 10; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 65, FrameKind.Response));
        }

        await Task.Run(link.ReaderLoop.ReadAnswers).WaitAsync(Wait.Deadline);
    }

    [Fact]
    public async Task A_lane_full_of_answers_that_nobody_waits_for_is_read()
    {
        var receiver = new RecordingReceiver { Expects = () => false };
        await using var link = new Link(receiver, new TransportLimits { RingSize = 16384 }, kind: LaneKind.Answer);
        for (int i = 0; i < 500; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 1001, FrameKind.Response)).AsTask().WaitAsync(Wait.Deadline);
        }

        link.ReaderLoop.ReadAnswers();
        await Wait.Until(() => receiver.Frames.Count == 500, "all are read");
        Assert.Equal(Enumerable.Range(0, 500), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task Who_begins_to_wait_while_others_stop_is_woken()
    {
        var waiters = new Waiter[] { new(), new() };
        int waiting = 0;
        var receiver = new RecordingReceiver { Expects = () => Volatile.Read(ref waiting) != 0 };
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Interlocked.Decrement(ref waiting);
            waiters[Wait.NumberOf(frame.Bytes) % 2].Answered();
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, kind: LaneKind.Answer);
        async Task Ask(int caller)
        {
            for (int i = 0; i < 500; i++)
            {
                waiters[caller].Reset();
                Interlocked.Increment(ref waiting);
                if (i % 3 == 0)
                {
                    await link.Writer.Send(Wait.Frame((2 * i) + caller, 65, FrameKind.Response));
                    link.ReaderLoop.PollAnswers(waiters[caller]);
                }
                else
                {
                    link.ReaderLoop.PollAnswers(waiters[caller]);
                    await link.Writer.Send(Wait.Frame((2 * i) + caller, 65, FrameKind.Response));
                }

                await Wait.Until(() => waiters[caller].IsAnswered, "the answer is read");
            }
        }

        await Task.WhenAll(Task.Run(() => Ask(0)), Task.Run(() => Ask(1)));
    }

    [Fact]
    public async Task Polling_ends_by_itself_when_nothing_comes()
    {
        await using var link = new Link(new RecordingReceiver(), kind: LaneKind.Answer);
        await Task.Run(() => link.ReaderLoop.PollAnswers(new Waiter())).WaitAsync(Wait.Deadline);
    }

    private static unsafe uint Bell(Link link) => Volatile.Read(ref *link.ReaderDoorbell.Bell);

    private sealed class Waiter : IAnswerWaiter
    {
        private int _answered;

        public bool IsAnswered => Volatile.Read(ref _answered) != 0;

        public void Answered() => Volatile.Write(ref _answered, 1);

        public void Reset() => Volatile.Write(ref _answered, 0);
    }
}
