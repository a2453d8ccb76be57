namespace Ipc.Transports.Rings.Tests;

/// <summary>Frames that a listener reads in place while the reading goes on elsewhere.</summary>
public sealed class BorrowTests
{
    private static readonly RingLoopOptions Patient = new() { SegmentTick = TimeSpan.FromMinutes(1) };

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public async Task A_ring_keeps_the_frames_of_two_late_threads_until_both_have_left_them(int first, int second)
    {
        using var blocked = new Blocked();
        await using var link = new Link(blocked.Receiver, new TransportLimits { RingSize = 16 << 10 });
        await link.Writer.Send(Wait.Frame(3, 301)); // so that the first one does not begin at 0
        ulong firstStart = Volatile.Read(ref link.Segment.Memory.Head);
        await link.Writer.Send(Wait.Frame(1, 1003));
        ulong secondStart = Volatile.Read(ref link.Segment.Memory.Head);
        await blocked.Inside(1);
        await link.Writer.Send(Wait.Frame(2, 997));
        await blocked.Inside(2);
        await FillAsync(link);
        Assert.Equal(firstStart, Volatile.Read(ref link.Segment.Memory.Tail));

        blocked.Release(first);
        await Wait.Until(() => link.Reader!.OpenLeases == 1, "one of them has left");
        if (first == 1)
        {
            await Wait.Until(() => Volatile.Read(ref link.Segment.Memory.Tail) == secondStart, "what is before the other one's frame is free");
        }
        else
        {
            await FillAsync(link);
            Assert.Equal(firstStart, Volatile.Read(ref link.Segment.Memory.Tail));
        }

        blocked.Release(second);
        await Wait.Until(() => Volatile.Read(ref link.Segment.Memory.Tail) == Volatile.Read(ref link.Segment.Memory.Head), "all is free");
        for (int i = 100; i < 200; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 703));
        }

        await Wait.Until(() => blocked.Arrived == 199, "the reading goes on");
        Assert.Equal([true, true], blocked.Unchanged);
        Assert.Empty(link.Observer.Faults);
    }

    [Fact]
    public async Task A_segment_is_freed_when_the_late_thread_has_left_it()
    {
        using var blocked = new Blocked();
        await using var link = new Link(blocked.Receiver, options: Patient);
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        await link.Writer.Send(Wait.Frame(3, 700_001));
        await Wait.Until(() => blocked.Arrived == 3 && InUse(link) == 0, "there is a segment for the next one");
        await link.Writer.Send(Wait.Frame(1, 700_007));
        await blocked.Inside(1);
        for (int i = 4; i < 24; i++)
        {
            await link.Writer.Send(Wait.Frame(i, 700_003));
        }

        await Wait.Until(() => blocked.Arrived == 23, "others go on");
        await Wait.Until(() => InUse(link) == 1, "only the one that is read is in use");

        blocked.Release(1);
        await Wait.Until(() => InUse(link) == 0, "it is freed");
        Assert.Equal([true], blocked.Unchanged);
    }

    [Theory]
    [InlineData(1003)]
    [InlineData(700_001)]
    public async Task The_memory_is_there_for_a_late_thread_also_when_all_has_been_stopped(int length)
    {
        using var blocked = new Blocked();
        await using var link = new Link(blocked.Receiver, options: Patient);
        link.Observer.SegmentSupply = (_, size) => link.Supply(size);
        await link.Writer.Send(Wait.Frame(1, length));
        await blocked.Inside(1);
        await link.Writer.Send(Wait.Frame(2, 101));
        await blocked.Inside(2);

        await link.ReaderLoop.DisposeAsync().AsTask().WaitAsync(Wait.Deadline);
        blocked.Release(1);
        blocked.Release(2);

        await Wait.Until(() => blocked.Unchanged.Count == 2, "both have read it");
        Assert.Equal([true, true], blocked.Unchanged);
    }

    [Fact]
    public async Task A_frame_in_pieces_is_not_lent()
    {
        bool? lent = null;
        var receiver = new RecordingReceiver { OnFrame = (scoped in InboundFrame frame) => Note(frame.Lane.TryBorrow()) };
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 });
        await link.Writer.Send(Wait.Frame(1, 9001));

        await Wait.Until(() => lent is not null, "it arrives");
        Assert.False(lent);

        FrameDisposition Note(bool isLent)
        {
            lent = isLent;
            return FrameDisposition.Consumed;
        }
    }

    private static int InUse(Link link) => link.Segment.FrameSegments.Count(s => Volatile.Read(ref s.Taken) != Volatile.Read(ref s.Freed));

    /// <summary>Sends until the ring is full.</summary>
    private static async Task FillAsync(Link link)
    {
        IpcException full = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            for (int i = 4; i < 100; i++)
            {
                await link.Writer.Send(Wait.Frame(3, 1009), TimeSpan.FromMilliseconds(100));
            }
        });
        Assert.Equal(IpcError.InboxFull, full.Reason);
    }

    /// <summary>Blocks in the listeners of frames 1 and 2, which look at their bytes before and after.</summary>
    private sealed class Blocked : IDisposable
    {
        private readonly ManualResetEventSlim[] _inside = [new(), new(), new()];
        private readonly ManualResetEventSlim[] _release = [new(), new(), new()];
        private readonly System.Collections.Concurrent.ConcurrentQueue<bool> _unchanged = new();
        private int _arrived;

        public Blocked() => Receiver = new RecordingReceiver { OnFrame = OnFrame };

        public RecordingReceiver Receiver { get; }

        public System.Collections.Concurrent.ConcurrentQueue<bool> Unchanged => _unchanged;

        /// <summary>How many others have come; the highest number of them.</summary>
        public int Arrived => Volatile.Read(ref _arrived);

        public Task Inside(int number) => Wait.Until(() => _inside[number].IsSet, $"frame {number} has begun");

        public void Release(int number) => _release[number].Set();

        public void Dispose()
        {
            foreach (ManualResetEventSlim each in _release)
            {
                each.Set();
            }
        }

        private FrameDisposition OnFrame(scoped in InboundFrame frame)
        {
            int number = Wait.NumberOf(frame.Bytes);
            frame.MarkStarted();
            bool isLent = frame.Lane.TryBorrow();
            frame.Lane.EnterUserCode();
            if (number > 2)
            {
                Volatile.Write(ref _arrived, number);
                return FrameDisposition.Consumed;
            }

            byte[] expected = Wait.Frame(number, frame.Bytes.Length);
            bool isGood = isLent && frame.Bytes.SequenceEqual(expected);
            _inside[number].Set();
            _release[number].Wait(Wait.Deadline);
            _unchanged.Enqueue(isGood && frame.Bytes.SequenceEqual(expected));
            return FrameDisposition.Consumed;
        }
    }
}
