namespace Ipc.Transports.Rings.Tests;

/// <summary>Who holds a ring or a doorbell can write all of it, also what belongs to others: what that costs them, as docs/crash-model.md says.</summary>
public sealed class HostileHolderTests
{
    [Fact]
    public async Task Who_scribbles_over_a_doorbell_delays_its_owner_and_neither_stops_it_nor_costs_it_a_frame()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 1 << 16 });
        using DoorbellSegment hostile = DoorbellSegment.Open(Link.Duplicate(link.ReaderDoorbell.Descriptor), isOwner: true);
        bool stop = false;
        Task scribbling = Task.Factory.StartNew(
            () =>
            {
                var random = new Random(5);
                while (!Volatile.Read(ref stop))
                {
                    Poke.SetParked(hostile, random.Next(3) == 0 ? 0 : (ulong)random.NextInt64());
                    Poke.SetParkedAnswers(hostile, (ulong)random.NextInt64());
                    Poke.RaiseBellOnly(hostile);
                    Thread.Yield();
                }
            },
            TaskCreationOptions.LongRunning);
        const int Frames = 2000;
        Task sending = Task.Run(async () =>
        {
            for (int i = 1; i <= Frames; i++)
            {
                await link.Writer.Send(Wait.Frame(i, 61 + (i % 7)));
                if (i % 100 == 0)
                {
                    hostile.Ring(); // as the supervisor does with every lane that it opens or closes: a silenced reader looks again
                }
            }
        });

        await Wait.Until(
            () =>
            {
                link.ReaderDoorbell.Ring();
                return sending.IsCompleted && receiver.Frames.Count == Frames;
            },
            "every frame arrives");
        Volatile.Write(ref stop, true);
        await scribbling;
        await sending;
        Assert.Equal(Enumerable.Range(1, Frames), receiver.Frames.Select(frame => Wait.NumberOf(frame)));
    }

    [Fact]
    public async Task A_process_whose_doorbell_others_have_silenced_still_wakes_itself()
    {
        bool open = false;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame _) => Volatile.Read(ref open) ? FrameDisposition.Consumed : FrameDisposition.Held;
        await using var link = new Link(receiver);
        using DoorbellSegment hostile = DoorbellSegment.Open(Link.Duplicate(link.ReaderDoorbell.Descriptor), isOwner: true);
        await link.Writer.Send(Wait.Frame(1, 65));
        await Wait.Until(() => Poke.Parked(hostile) != 0 && link.ReaderLoop.IsParked, "the reader holds the frame and sleeps");
        long parks = -1;
        await Wait.Until(
            () =>
            {
                long before = parks;
                parks = link.ReaderLoop.Parks; // it may lie down once more in between
                return parks == before;
            },
            "it has lain down");

        Poke.SetParked(hostile, 0);
        Volatile.Write(ref open, true);
        link.Reader!.Resume();

        await Wait.Until(() => link.Reader.Position != 0, "the frame is read");
    }

    [Fact]
    public async Task A_ring_that_says_that_it_takes_larger_messages_than_the_cluster_is_not_believed()
    {
        await using var link = new Link(new RecordingReceiver(), new TransportLimits { RingSize = 4096, MaxMessageSize = 10_000 });
        using RingSegment ring = RingSegment.Create(77, Link.Sender, Link.Receiver, LaneKind.Inbox, link.Limits with { MaxMessageSize = 1 << 30 });
        using RingWriter writer = link.OpenWriter(ring);

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => writer.Send(Wait.Frame(1, 20_001)).AsTask());

        Assert.Equal(IpcError.MessageTooLarge, error.Reason);
    }

    [Fact]
    public async Task Who_scribbles_over_the_supervisor_s_page_of_a_ring_ruins_that_ring_and_no_other()
    {
        var random = new Random(9);
        for (int round = 0; round < 200; round++)
        {
            var receiver = new RecordingReceiver();
            await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 });
            using RingSegment other = link.NewRing();
            using RingWriter writer = link.OpenWriter(other);
            link.Attach(other);
            await link.Writer.Send(Wait.Frame(1, 101));
            ref uint state = ref link.Segment.Memory.State;
            link.Segment.Memory.FinalHead = random.Next(3) switch { 0 => (ulong)random.Next(300), 1 => (ulong)random.Next(40) * 8, _ => (ulong)random.NextInt64() };
            link.Segment.Memory.Segments = (uint)random.Next();
            Volatile.Write(ref state, random.Next(4) == 0 ? (uint)random.Next() : (uint)random.Next(3));
            link.ReaderDoorbell.Ring();

            await writer.Send(Wait.Frame(7, 99)).AsTask().WaitAsync(Wait.Deadline);
            await Wait.Until(() => receiver.Frames.Any(frame => Wait.NumberOf(frame) == 7), $"round {round}: the other lane goes on");
        }
    }
}
