using System.Buffers.Binary;
using System.Collections.Concurrent;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Large frames, each in a segment of its own: reused, waited for, given back; and what a writer's lies about them cost.</summary>
public sealed class SegmentTests
{
    private const int Large = 700_000;
    private static readonly RingLoopOptions Patient = new() { SegmentTick = TimeSpan.FromMinutes(1) };

    [Fact]
    public async Task Large_frames_go_through_few_segments_that_are_used_again_and_are_never_cut()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: Patient);
        int asked = 0;
        link.Observer.SegmentSupply = (_, length) =>
        {
            asked++;
            link.Supply(length);
        };
        var random = new Random(5);
        for (int i = 0; i < 60; i++)
        {
            byte[] frame = Wait.Frame(i, i % 3 == 2 ? 100 : Large + random.Next(100_000));
            await link.Writer.Send(frame);
            await Wait.Until(() => receiver.Frames.Count == i + 1, "it arrives");
            Assert.Equal(frame, receiver.Frames.Last());
        }

        Assert.Equal(1, asked);
        Assert.Equal((1, 1), (link.Writer.SegmentCount, link.Reader!.SegmentCount));
        Assert.Equal(0, link.Reader.RentedForAssembly);
        Assert.True(Volatile.Read(ref link.Segment.Memory.Head) < 60 * 200, "the ring has seen references only");
        Assert.Equal(40ul, link.Segment.FrameSegments.Single().Freed);
    }

    [Fact]
    public async Task The_first_frame_that_could_not_wait_in_the_ledger_goes_through_a_segment_although_the_ring_has_room()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: Patient);
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        byte[][] frames = [Wait.Frame(1, LedgerLayout.LargestFrame), Wait.Frame(2, LedgerLayout.LargestFrame + 1)];
        foreach (byte[] frame in frames)
        {
            await link.Writer.Send(frame);
        }

        await Wait.Until(() => receiver.Frames.Count == 2, "both arrive");
        receiver.AssertFrames(frames);
        Assert.Equal(1ul, link.Segment.FrameSegments.Single().Freed);
    }

    [Fact]
    public async Task Large_frames_of_growing_sizes_in_a_burst_arrive_complete_and_in_order()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, Patient);
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        byte[][] frames = [.. Enumerable.Range(0, 60).Select(i => Wait.Frame(i, 100 + (i * i * 137 % 300_000)))];
        Task[] sends = [.. frames.Select(frame => link.Writer.Send(frame).AsTask())];
        await Task.WhenAll(sends).WaitAsync(Wait.Deadline);
        await Wait.Until(() => receiver.Frames.Count == frames.Length, "all arrive");
        receiver.AssertFrames(frames);
        Assert.Empty(link.Observer.Faults);
        Assert.InRange(link.Writer.SegmentCount, 1, FrameSegmentLayout.MaxCount);
        Assert.True(link.Segment.FrameBytes <= FrameSegmentLayout.MaxBytes);
    }

    [Fact]
    public async Task Without_segments_large_frames_go_in_pieces()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver);
        byte[] frame = Wait.Frame(1, 3_000_000);
        await link.Writer.Send(frame);
        await Wait.Until(() => receiver.Frames.Count == 1 && link.ReaderLoop.IsParked, "it arrives, and its room is given back");
        await link.Writer.Send(Wait.Frame(2, 300_000), TimeSpan.Zero); // fits the ring, and is not to wait
        await Wait.Until(() => receiver.Frames.Count == 2, "they arrive");
        Assert.Equal(frame, receiver.Frames.First());
        Assert.Equal((0, 0), (link.Writer.SegmentCount, link.Reader!.SegmentCount));
    }

    [Fact]
    public async Task A_refusal_leaves_no_timer_behind()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: Patient);
        await link.Writer.Send(Wait.Frame(1, 3_000_003));
        await Wait.Until(() => receiver.Frames.Count == 1, "it arrives in pieces");
        Assert.False(link.Writer.HasTick);
    }

    [Fact]
    public async Task A_supervisor_that_does_not_answer_holds_a_large_frame_up_for_a_tick_only()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: new RingLoopOptions { SegmentTick = TimeSpan.FromMilliseconds(30) });
        link.Observer.SegmentSupply = (_, _) => { };
        await link.Writer.Send(Wait.Frame(1, 3_000_000));
        await Wait.Until(() => receiver.Frames.Count == 1, "it arrives in pieces");
    }

    [Fact]
    public async Task A_segment_that_is_not_used_any_more_is_given_back()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: new RingLoopOptions { SegmentTick = TimeSpan.FromMilliseconds(20) });
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        await link.Writer.Send(Wait.Frame(1, Large));
        await Wait.Until(() => receiver.Frames.Count == 1, "it arrives");
        await Wait.Until(() => !link.Observer.Returned.IsEmpty, "the segment is given back");
        Assert.Equal(1u, Assert.Single(link.Observer.Returned));
        Assert.Equal(0, link.Writer.SegmentCount);
        link.Reader!.RemoveSegment(1);
        Assert.Equal(FrameSegmentLayout.SegmentLength(Large), link.Segment.RemoveFrame(1));

        await link.Writer.Send(Wait.Frame(2, Large));
        await Wait.Until(() => receiver.Frames.Count == 2, "another one comes");
        Assert.Equal(2u, link.Segment.FrameSegments.Single().Id); // numbers are never used twice
    }

    [Fact]
    public void A_segment_that_has_just_come_is_not_taken_for_unused()
    {
        using FrameSegment segment = FrameSegment.Create(1, FrameSegmentLayout.SegmentLength(1));
        var pool = new FrameSegmentPool(TimeSpan.FromMinutes(1));
        pool.Add(segment);
        Assert.Empty(pool.TakeUnused());
        Assert.Same(segment, Assert.Single(pool.TakeUnused()));
    }

    [Fact]
    public async Task A_segment_in_which_a_frame_waits_is_kept_and_the_next_sender_waits_until_one_is_free()
    {
        var leases = new ConcurrentQueue<FrameLease>();
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            leases.Enqueue(frame.Take(keepBytes: true));
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: new RingLoopOptions { SegmentTick = TimeSpan.FromMilliseconds(20) });
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        const int Huge = 20 << 20; // two of them are all that a lane gets
        byte[][] frames = [.. Enumerable.Range(0, 3).Select(i => Wait.Frame(i, Huge))];
        await link.Writer.Send(frames[0]);
        await link.Writer.Send(frames[1]);
        Task<long> third = link.Writer.Send(frames[2]).AsTask();
        IpcException full = await Assert.ThrowsAsync<IpcException>(() => link.Writer.Send(Wait.Frame(9, Huge), TimeSpan.Zero).AsTask());
        Assert.Equal(IpcError.InboxFull, full.Reason);
        await Wait.Until(() => leases.Count == 2 && link.WriterLoop.IsParked, "two wait, and the writer's process sleeps");
        Assert.False(third.IsCompleted);
        Assert.Empty(link.Observer.Returned);

        for (int i = 0; i < 3; i++)
        {
            FrameLease? lease = null;
            await Wait.Until(() => leases.TryDequeue(out lease), "the next one is there");
            Assert.True(lease!.Bytes.SequenceEqual(frames[i]), $"frame {i} was changed while it waited");
            lease.Dispose();
        }

        await third.WaitAsync(Wait.Deadline);
        Assert.Empty(link.Observer.Faults);
    }

    [Fact]
    public async Task A_lane_that_ends_while_a_frame_of_it_waits_leaves_its_bytes_readable()
    {
        FrameLease? lease = null;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            Volatile.Write(ref lease, frame.Take(keepBytes: true));
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, options: Patient);
        link.Observer.SegmentSupply = (_, length) => link.Supply(length);
        byte[] frame = Wait.Frame(1, Large);
        await link.Writer.Send(frame);
        await Wait.Until(() => Volatile.Read(ref lease) is not null, "it waits");
        link.Reader!.Fault("a test");
        await Wait.Until(() => link.Observer.Faults.Count == 1, "the lane is dropped");
        await link.ReaderLoop.DetachAsync(link.Reader); // and its memory is gone
        Assert.True(lease!.Bytes.SequenceEqual(frame));
        lease.Dispose();
    }

    [Fact]
    public async Task A_record_that_is_quicker_than_the_news_of_its_segment_waits_for_it()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, options: Patient);
        FrameSegment? segment = null;
        link.Observer.SegmentSupply = (writer, length) =>
        {
            segment = link.Segment.CreateFrame(length);
            writer.AddSegment(Open(segment, RingRole.Writer));
        };
        byte[] frame = Wait.Frame(1, Large);
        await link.Writer.Send(frame);
        await link.Writer.Send(Wait.Frame(2, 64));
        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");
        Assert.Empty(receiver.Frames);
        link.Reader!.AddSegment(Open(segment!, RingRole.Reader));
        await Wait.Until(() => receiver.Frames.Count == 2, "both arrive");
        Assert.Equal(frame, receiver.Frames.First());
        Assert.Empty(link.Observer.Faults);
    }

    public static TheoryData<string, uint, uint, ulong> Lies() => new()
    {
        { "no segment", 0, 100, 1 },
        { "a segment that was never given out", 2, 100, 1 },
        { "the last number", uint.MaxValue, 100, 1 },
        { "no bytes", 1, 0, 1 },
        { "less than a header", 1, 31, 1 },
        { "more than the segment", 1, (64 << 10) + 4097, 1 },
        { "more than the largest message", 1, (64 << 20) + 1, 1 },
        { "the longest length", 1, uint.MaxValue, 1 },
        { "no use", 1, 100, 0 },
        { "a use that comes later", 1, 100, 2 },
        { "the last use", 1, 100, ulong.MaxValue },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task A_reference_that_makes_no_sense_drops_its_lane_only(string what, uint id, uint length, ulong use)
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, Patient);
        using RingSegment other = link.NewRing();
        using RingWriter writer = link.OpenWriter(other);
        link.Attach(other);
        link.Supply(FrameSegmentLayout.SegmentLength(1));
        WriteReference(link.Segment, 0, id, length, use);
        link.ReaderDoorbell.Ring();
        await Wait.Until(() => link.Observer.Faults.Count == 1, $"{what}: the lane is dropped");
        Assert.Same(link.Reader, link.Observer.Faults.Single().Lane);
        Assert.Empty(receiver.Frames);
        await writer.Send(Wait.Frame(1, 64));
        await Wait.Until(() => receiver.Frames.Count == 1, "the other lane goes on");
    }

    [Fact]
    public async Task A_frame_that_waits_cannot_be_referred_to_again()
    {
        FrameLease? lease = null;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            lease = frame.Take(keepBytes: true);
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, Patient);
        FrameSegment segment = link.Supply(FrameSegmentLayout.SegmentLength(1));
        byte[] frame = Wait.Frame(1, 50_000);
        using (FrameSegment mapped = Open(segment, RingRole.Writer))
        {
            Poke.Frame(mapped, frame);
        }

        WriteReference(link.Segment, 0, 1, 50_000, 1);
        WriteReference(link.Segment, 1, 1, 50_000, 1);
        link.ReaderDoorbell.Ring();
        await Wait.Until(() => link.Observer.Faults.Count == 1, "the second one drops the lane");
        Assert.True(lease!.Bytes.SequenceEqual(frame));
        lease.Dispose();
        Assert.Equal(1ul, segment.Freed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Mutated_references_never_stop_the_reader(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 150; round++)
        {
            var receiver = new RecordingReceiver();
            await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, Patient, attach: false);
            link.Supply(FrameSegmentLayout.SegmentLength(1));
            byte[] record = new byte[FrameSegmentLayout.ReferenceSize];
            BinaryPrimitives.WriteUInt32LittleEndian(record, 1);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(FrameSegmentLayout.ReferenceLengthOffset), 1000);
            BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(FrameSegmentLayout.ReferenceUseOffset), 1);
            for (int i = random.Next(0, 4); i > 0; i--)
            {
                record[random.Next(FrameSegmentLayout.ReferenceHeaderOffset)] = (byte)random.Next(256);
            }

            WriteRecord(link.Segment, 0, record);
            using RingSegment other = link.NewRing();
            using RingWriter writer = link.OpenWriter(other);
            RingReader lane = link.Attach(link.Segment);
            lane.AddSegment(Open(link.Segment.FrameSegments.Single(), RingRole.Reader));
            link.Attach(other);
            await writer.Send(Wait.Frame(99, 64));
            await Wait.Until(() => receiver.Frames.Any(frame => frame.Length == 64), "the other lane's frame arrives");
        }
    }

    [Fact]
    public void A_segment_of_a_size_that_is_none_is_not_opened()
    {
        using var memory = Memory.SharedSegment.Create("test", 3 * 4096);
        Assert.Equal(
            Memory.SharedMemoryFailure.NotAsAgreed,
            Assert.Throws<Memory.SharedMemoryException>(() => FrameSegment.Open(Link.Duplicate(memory.Descriptor), 3 * 4096, 1, RingRole.Reader)).Failure);
    }

    [Theory]
    [InlineData(1, 64 << 10)]
    [InlineData((64 << 10) + 4096, 64 << 10)]
    [InlineData((64 << 10) + 4097, 128 << 10)]
    [InlineData((1 << 20) + 100, 1 << 20)]
    [InlineData(1 << 30, 1 << 30)]
    public void Segments_have_the_size_of_a_power_of_two_and_room_for_headers(int frame, int size)
    {
        int length = FrameSegmentLayout.SegmentLength(frame);
        Assert.Equal(size + (2 * Environment.SystemPageSize), length);
        Assert.True(FrameSegmentLayout.Capacity(length) >= frame);
        Assert.True(FrameSegmentLayout.IsLegal(length));
        Assert.False(FrameSegmentLayout.IsLegal(length + 4096));
    }

    private static FrameSegment Open(FrameSegment segment, RingRole role) => FrameSegment.Open(Link.Duplicate(segment.Descriptor), segment.Length, segment.Id, role);

    private static void WriteReference(RingSegment ring, int index, uint id, uint length, ulong use)
    {
        byte[] record = new byte[FrameSegmentLayout.ReferenceSize];
        BinaryPrimitives.WriteUInt32LittleEndian(record, id);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(FrameSegmentLayout.ReferenceLengthOffset), length);
        BinaryPrimitives.WriteUInt64LittleEndian(record.AsSpan(FrameSegmentLayout.ReferenceUseOffset), use);
        WriteRecord(ring, index, record);
    }

    private static void WriteRecord(RingSegment ring, int index, byte[] record)
    {
        using var segment = Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length);
        using RingMemory memory = RingMemory.Map(segment, RingRole.Writer);
        int offset = index * (int)RingLayout.RecordSize(record.Length);
        Poke.Word(memory, offset, RingLayout.RecordHeader(record.Length, RecordKind.Segment, RecordFlags.None));
        for (int i = 0; i < record.Length; i++)
        {
            Poke.Byte(memory, offset + RingLayout.RecordHeaderSize + i, record[i]);
        }

        Volatile.Write(ref memory.Head, (ulong)(offset + RingLayout.RecordSize(record.Length)));
    }
}
