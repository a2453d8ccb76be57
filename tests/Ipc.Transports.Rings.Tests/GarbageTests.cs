using System.Runtime.CompilerServices;

namespace Ipc.Transports.Rings.Tests;

/// <summary>The writing process may have written anything: the lane is dropped with a reason, the others go on.</summary>
public sealed class GarbageTests
{
    public static TheoryData<string, ulong> Headers() => new()
    {
        { "longer than what was published", RingLayout.RecordHeader(5000, RecordKind.Frame, RecordFlags.Whole) },
        { "a little longer than what was published", RingLayout.RecordHeader(65, RecordKind.Frame, RecordFlags.Whole) },
        { "longer than any ring", RingLayout.RecordHeader(-1, RecordKind.Frame, RecordFlags.Whole) },
        { "longest length", RingLayout.RecordHeader(int.MaxValue, RecordKind.Frame, RecordFlags.Whole) },
        { "no kind", RingLayout.RecordHeader(64, RecordKind.None, RecordFlags.None) },
        { "unknown kind", RingLayout.RecordHeader(64, (RecordKind)9, RecordFlags.None) },
        { "unknown flags", RingLayout.RecordHeader(64, RecordKind.Frame, (RecordFlags)0x8003) },
        { "padding in the middle", RingLayout.RecordHeader(64, RecordKind.Padding, RecordFlags.None) },
        { "a middle piece without its first", RingLayout.RecordHeader(64, RecordKind.Frame, RecordFlags.None) },
        { "a last piece without its first", RingLayout.RecordHeader(64, RecordKind.Frame, RecordFlags.Last) },
        { "a first piece that is too short", RingLayout.RecordHeader(8, RecordKind.Frame, RecordFlags.First) },
        { "a first piece of a frame of 0 bytes", RingLayout.RecordHeader(64, RecordKind.Frame, RecordFlags.First) },
        { "an abort with bytes", RingLayout.RecordHeader(8, RecordKind.Abort, RecordFlags.None) },
        { "zeros", 0 },
    };

    [Theory]
    [MemberData(nameof(Headers))]
    public Task A_record_header_that_makes_no_sense_drops_its_lane_only(string what, ulong header) => Expect(what, memory =>
    {
        Poke.Word(memory, 0, header);
        Volatile.Write(ref memory.Head, 72);
    });

    [Theory]
    [InlineData("beyond the ring", 4104)]
    [InlineData("not aligned", 13)]
    [InlineData("far away", ulong.MaxValue - 7)]
    public Task A_head_that_makes_no_sense_drops_its_lane_only(string what, ulong head) => Expect(what, memory => Volatile.Write(ref memory.Head, head));

    [Theory]
    [InlineData((64 << 20) + 1)]
    [InlineData(uint.MaxValue)]
    public Task A_frame_in_pieces_that_announces_too_much_drops_its_lane_before_anything_is_allocated(uint announced) => Expect("too much", memory =>
    {
        Poke.Word(memory, 0, RingLayout.RecordHeader(64, RecordKind.Frame, RecordFlags.First));
        Poke.Word(memory, 8, announced);
        Volatile.Write(ref memory.Head, 72);
    });

    [Fact]
    public async Task An_announced_length_alone_rents_little_and_the_buffer_grows_as_bytes_arrive()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, attach: false);
        using (RingMemory memory = MapAsWriter(link.Segment))
        {
            byte[] header = Wait.Frame(1, FrameHeader.Size);
            Poke.Word(memory, 0, RingLayout.RecordHeader(RingLayout.AssemblyPrefixSize + header.Length, RecordKind.Frame, RecordFlags.First));
            Poke.Word(memory, 8, 64 << 20);
            for (int i = 0; i < header.Length; i++)
            {
                Poke.Byte(memory, 16 + i, header[i]);
            }

            Volatile.Write(ref memory.Head, 48);
        }

        RingReader lying = link.Attach(link.Segment);
        await Wait.Until(() => lying.Position == 48, "the first piece is read");
        Assert.InRange(lying.RentedForAssembly, 1, 1 << 20);

        using RingSegment other = link.NewRing();
        using RingWriter writer = link.OpenWriter(other);
        link.Attach(other);
        byte[] large = Wait.Frame(2, 3_000_001);
        await writer.Send(large);
        await Wait.Until(() => !receiver.Frames.IsEmpty, "a large frame arrives");
        Assert.Equal(large, Assert.Single(receiver.Frames));
    }

    [Fact]
    public Task A_frame_in_pieces_that_does_not_begin_with_a_header_drops_its_lane_only() => Expect("no header", memory =>
    {
        Poke.Word(memory, 0, RingLayout.RecordHeader(64, RecordKind.Frame, RecordFlags.First));
        Poke.Word(memory, 8, 10_000);
        Volatile.Write(ref memory.Head, 72);
    });

    [Fact]
    public async Task Mutated_rings_never_stop_the_reader()
    {
        var random = new Random(11);
        for (int round = 0; round < 1000; round++)
        {
            var receiver = new RecordingReceiver();
            await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, attach: false);
            await link.Writer.Send(Wait.Frame(1, 500));
            await link.Writer.Send(Wait.Frame(2, 300));
            using (RingMemory memory = MapAsWriter(link.Segment))
            {
                for (int i = random.Next(1, 4); i > 0; i--)
                {
                    Poke.Byte(memory, random.Next(2) == 0 ? random.Next(8) : random.Next(820), (byte)random.Next(256));
                }
            }

            using RingSegment other = link.NewRing();
            using RingWriter writer = link.OpenWriter(other);
            link.Attach(link.Segment);
            link.Attach(other);
            await writer.Send(Wait.Frame(99, 64));
            await Wait.Until(() => receiver.Frames.Any(frame => frame.Length == 64), "the other lane's frame arrives");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task A_process_that_scribbles_into_its_ring_loses_that_ring_and_no_other(int seed)
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 65536, MaxMessageSize = 1 << 20 });
        using RingSegment other = link.NewRing();
        using RingWriter writer = link.OpenWriter(other);
        link.Attach(other);
        using var peer = new PeerProcess(
            "scribble", $"seed={seed}", $"ring={Descriptor(link.Segment.Descriptor)}", $"length={link.Segment.Length}", $"readerDoorbell={Descriptor(link.ReaderDoorbell.Descriptor)}");
        await peer.Ready();
        Assert.NotEqual(Environment.ProcessId, peer.Id);
        await Wait.Until(() => !link.Observer.Faults.IsEmpty, "its lane is dropped");
        Assert.Same(link.Reader, link.Observer.Faults.Single().Lane);
        Assert.NotEmpty(link.Observer.Faults.Single().Reason);
        Assert.InRange(link.Reader!.RentedForAssembly, 0, 2 << 20);
        for (int i = 0; i < 100; i++)
        {
            await writer.Send(Wait.Frame(i, 64, action: 99)); // while it goes on with it
        }

        await Wait.Until(() => receiver.Frames.Count(f => FrameHeader.TryRead(f, out FrameHeader header, out _) && header.ActionHash == 99) == 100, "the other lane's frames arrive");
        Assert.False(peer.HasExited);
        await peer.Kill();
    }

    [Fact]
    public void Garbage_in_a_dead_reader_s_pages_and_ledger_never_stops_a_post_mortem()
    {
        var random = new Random(12);
        var limits = new TransportLimits { RingSize = 4096 };
        int broken = 0;
        for (int round = 0; round < 1000; round++)
        {
            using LedgerSegment ledger = LedgerSegment.Create();
            using RingSegment ring = RingSegment.Create(round + 1, Link.Sender, Link.Receiver, LaneKind.Inbox, limits);
            using (var segment = Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length))
            using (RingMemory memory = RingMemory.Map(segment, RingRole.Reader))
            {
                Volatile.Write(ref memory.Tail, Number(random));
                Volatile.Write(ref memory.Done, Number(random));
                memory.Started = Number(random);
                memory.Assembly = (uint)random.Next(4);
            }

            using (RingMemory memory = MapAsWriter(ring))
            {
                random.NextBytes(Poke.Data(memory));
                Volatile.Write(ref memory.Head, Number(random));
            }

            random.NextBytes(Poke.Entries(ledger, random.Next(100)));
            PostMortemReport report = PostMortem.Run([ring], [], ledger, LivingReaders.None);
            Assert.InRange(report.Interrupted.Count + report.Lost.Sum(l => l.Count), 0, LedgerSegment.EntryCount + 2);
            Assert.Single(report.Taken);
            broken += ring.Broken is null ? 0 : 1;
        }

        Assert.InRange(broken, 1, 999); // both kinds were met

        static ulong Number(Random random) => random.Next(3) switch { 0 => (ulong)random.Next(512) * 8, 1 => (ulong)random.Next(4096), _ => (ulong)random.NextInt64() };
    }

    [Fact]
    public void A_segment_has_all_its_memory_before_anybody_touches_it()
    {
        using var segment = Memory.SharedSegment.Create("test", 8 << 20);
        using var stat = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("stat", ["-L", "-c", "%b", $"/proc/{Environment.ProcessId}/fd/{Descriptor(segment.Descriptor)}"]) { RedirectStandardOutput = true })!;
        Assert.Equal($"{(8 << 20) / 512}", stat.StandardOutput.ReadToEnd().Trim()); // blocks that the kernel holds for it
    }

    [Fact]
    public async Task A_reader_that_moves_its_tail_backwards_or_ahead_breaks_its_ring_for_the_writer_only()
    {
        await using var link = new Link(new RecordingReceiver(), new TransportLimits { RingSize = 4096 }, attach: false);
        await link.Writer.Send(Wait.Frame(1, 2000));
        using (var segment = Memory.SharedSegment.Open(Link.Duplicate(link.Segment.Descriptor), link.Segment.Length))
        using (RingMemory memory = RingMemory.Map(segment, RingRole.Reader))
        {
            Volatile.Write(ref memory.Tail, 1_000_000);
        }

        ValueTask<long> send = link.Writer.Send(Wait.Frame(2, 2000));
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            await send;
            await link.Writer.Send(Wait.Frame(3, 2000));
        });

        Assert.Equal(IpcError.PeerGone, error.Reason);
        Assert.Contains("broken", error.Message, StringComparison.Ordinal);
        await Wait.Until(() => !link.Observer.Broken.IsEmpty, "the lane's owner is told");
        Assert.Same(link.Writer, Assert.Single(link.Observer.Broken).Lane);
    }

    [Fact]
    public async Task A_ring_whose_positions_are_impossible_is_not_opened_for_writing()
    {
        await using var link = new Link(new RecordingReceiver(), attach: false);
        using RingSegment ring = link.NewRing();
        using (var segment = Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length))
        using (RingMemory memory = RingMemory.Map(segment, RingRole.Reader))
        {
            Volatile.Write(ref memory.Tail, 1_000_000);
        }

        Assert.Equal(
            Memory.SharedMemoryFailure.NotAsAgreed, Assert.Throws<Memory.SharedMemoryException>(() => link.OpenWriter(ring)).Failure);
    }

    [Fact]
    public void A_segment_of_another_size_or_without_seals_is_not_mapped()
    {
        using RingSegment ring = RingSegment.Create(5, Link.Sender, Link.Receiver, LaneKind.Inbox, new TransportLimits());
        Assert.Equal(
            Memory.SharedMemoryFailure.NotAsAgreed,
            Assert.Throws<Memory.SharedMemoryException>(() => Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length + 4096)).Failure);

        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, new byte[ring.Length]);
            Assert.Equal(
                Memory.SharedMemoryFailure.NotAsAgreed,
                Assert.Throws<Memory.SharedMemoryException>(() => Memory.SharedSegment.Open(File.OpenHandle(path), ring.Length)).Failure);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_doorbell_is_not_taken_for_a_ring()
    {
        using DoorbellSegment doorbell = DoorbellSegment.Create();
        using var segment = Memory.SharedSegment.Open(Link.Duplicate(doorbell.Descriptor), DoorbellSegment.SegmentLength);
        Assert.Throws<Memory.SharedMemoryException>(() => RingMemory.Map(segment, RingRole.Reader));
    }

    [Fact]
    public void A_sealed_segment_can_be_neither_shrunk_nor_grown()
    {
        using var segment = Memory.SharedSegment.Create("test", 4096);
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(segment.Descriptor, 0));
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(segment.Descriptor, 8192));
    }

    [Fact]
    public void Memory_that_the_kernel_refuses_is_a_typed_failure_with_the_kernel_s_words()
    {
        Memory.SharedMemoryException error = Assert.Throws<Memory.SharedMemoryException>(() => Memory.SharedSegment.Create(new string('x', 300), 4096));
        Assert.Equal(Memory.SharedMemoryFailure.Refused, error.Failure);
        Assert.Contains("memfd_create", error.Message, StringComparison.Ordinal);
    }

    private static async Task Expect(string what, Action<RingMemory> garbage, [CallerMemberName] string test = "")
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 });
        using RingSegment other = link.NewRing();
        using RingWriter writer = link.OpenWriter(other);
        link.Attach(other);
        using (RingMemory memory = MapAsWriter(link.Segment))
        {
            garbage(memory);
        }

        link.ReaderDoorbell.Ring();
        await Wait.Until(() => link.Observer.Faults.Count == 1, $"{test}: {what}: the lane is dropped");
        Assert.Same(link.Reader, link.Observer.Faults.Single().Lane);
        Assert.Contains("worker/0#1", link.Observer.Faults.Single().Reason, StringComparison.Ordinal);
        Assert.Empty(receiver.Frames); // nothing of it was delivered
        await writer.Send(Wait.Frame(1, 64));
        await Wait.Until(() => receiver.Frames.Count == 1, "the other lane goes on");
    }

    [Theory]
    [InlineData(4096 - 1, 4096 - 1)]
    [InlineData(4096, 4096 - 4)]
    public async Task A_writer_does_not_go_on_at_positions_that_are_not_those_of_records(ulong head, ulong tail)
    {
        await using var link = new Link(new RecordingReceiver(), new TransportLimits { RingSize = 4096 }, attach: false);
        using RingSegment ring = link.NewRing();
        Poke.Cursors(ring, head, done: 0, started: 0, tail);

        string message = Assert.Throws<Memory.SharedMemoryException>(() => link.OpenWriter(ring)).Message;

        Assert.Contains($"its positions {tail} and {head} do not fit", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_writer_publishes_behind_the_end_of_its_ring_keeps_nobody_awake()
    {
        FrameLease? open = null;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            open = frame.Take(keepBytes: true); // the lane has not ended before it is finished
            return FrameDisposition.Consumed;
        };
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 });
        await link.Writer.Send(Wait.Frame(1, 65));
        await Wait.Until(() => open is not null, "it is taken");
        link.Segment.Close();
        Poke.Cursors(link.Segment, head: 1000, done: 80, started: 80, tail: 80);

        await Wait.Until(() => link.ReaderLoop.IsParked, "the reader sleeps");
        open!.Dispose();
        await Wait.Until(
            () => !link.Observer.Drained.IsEmpty,
            "the lane ends",
            () => $"parked {link.ReaderLoop.IsParked}, position {link.Reader!.Position}, open {link.Reader.OpenLeases}, final head {link.Segment.Memory.FinalHead}, faults {string.Join(' ', link.Observer.Faults.Select(f => f.Reason))}");
    }

    [Fact]
    public async Task A_successor_drops_a_ring_whose_cursors_are_not_aligned()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, new TransportLimits { RingSize = 4096 }, attach: false);
        await link.Writer.Send(Wait.Frame(1, 64));
        Poke.Cursors(link.Segment, head: (2 * 4096) - 8, done: 4096 - 1, started: 4096 - 1, tail: 4096 - 1);

        link.Attach(link.Segment);

        await Wait.Until(() => link.Observer.Faults.Count == 1, "the lane is dropped");
        Assert.Contains("cursors", link.Observer.Faults.Single().Reason, StringComparison.Ordinal);
        Assert.Empty(receiver.Frames);
    }

    private static int Descriptor(Microsoft.Win32.SafeHandles.SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static RingMemory MapAsWriter(RingSegment ring)
    {
        using var segment = Memory.SharedSegment.Open(Link.Duplicate(ring.Descriptor), ring.Length);
        return RingMemory.Map(segment, RingRole.Writer);
    }
}
