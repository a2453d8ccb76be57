using Ipc.Transports;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Fuzz.Tests;

/// <summary>A ring whose writer has written anything: its reader delivers frames that lie inside it, or drops the lane with a reason; nothing is thrown, and little is rented.</summary>
public sealed unsafe class RingFuzzTests : IDisposable
{
    private const int Capacity = 4096;
    private const int LargestMessage = 1 << 20;
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Receiver = PeerId.Worker("worker", 1, 1);
    private static readonly TransportLimits Limits = new() { RingSize = Capacity, AnswerRingSize = Capacity, MaxMessageSize = LargestMessage };

    private readonly Quiet _quiet = new();
    private readonly DoorbellSegment _own = DoorbellSegment.Create(isOwner: true);
    private readonly DoorbellSegment _doorbell = DoorbellSegment.Create();
    private readonly LedgerSegment _ledger = LedgerSegment.Create();
    private readonly LedgerSegment _opened;
    private RingSegment _ring = null!;
    private SharedSegment _segment = null!;
    private MappedMemory _all = null!;

    public RingFuzzTests()
    {
        OpenRing();
        _opened = LedgerSegment.Open(Duplicate(_ledger.Descriptor), _ledger.Length, 1);
    }

    public void Dispose()
    {
        CloseRing();
        _opened.Dispose();
        _ledger.Dispose();
        _own.Dispose();
        _doorbell.Dispose();
    }

    [Fact]
    public void A_scribbled_ring_is_read_or_dropped() => Garbage.Feed(4_000, garbage =>
    {
        Scribble(garbage);
        RingReader lane = Attach(ledger: null);
        _quiet.Garbage = garbage;
        var thread = new ReaderThread(canBeRelieved: false) { ManagedId = Environment.CurrentManagedThreadId };
        for (int i = 0; i < 40 && lane.Drain(thread, 4) is not (DrainResult.Faulted or DrainResult.Drained); i++)
        {
            _quiet.Finish();
            lane.Resume();
            Assert.InRange(lane.RentedForAssembly, 0, 1 << 20);
        }

        Assert.Null(_quiet.Failure);
        lane.Release();
    });

    [Fact]
    public void A_scribbled_ring_and_ledger_are_settled_by_the_post_mortem_and_read_or_dropped_by_the_successor() => Garbage.Feed(3_000, garbage =>
    {
        Scribble(garbage);
        for (int i = garbage.Random.Next(4); i > 0; i--)
        {
            int index = garbage.Random.Next(LedgerSegment.EntryCount);
            _opened.RingId(index) = garbage.Random.Next(4) == 0 ? garbage.Number() : 1;
            _opened.Position(index) = garbage.Random.Next(2) == 0 ? (ulong)garbage.Number() : (ulong)garbage.Random.Next(Capacity / 8) * 8;
            _opened.Place(index) = garbage.Random.Next(2) == 0 ? (int)garbage.Number() : garbage.Random.Next(4096) * 64;
            _opened.Bytes(index) = garbage.Random.Next(2) == 0 ? (int)garbage.Number() : garbage.Random.Next(300);
            _opened.Word(index) = garbage.Random.Next(2) == 0
                ? (ulong)garbage.Number()
                : new LedgerWord((LedgerState)garbage.Random.Next(5), (LedgerFlags)garbage.Random.Next(4), 1, garbage.Random.Next(3)).ToWord();
        }

        PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        if (_ring.Broken is null)
        {
            RingReader lane = Attach(_opened);
            _quiet.Garbage = garbage;
            var thread = new ReaderThread(canBeRelieved: false) { ManagedId = Environment.CurrentManagedThreadId };
            for (int i = 0; i < 20 && lane.Drain(thread, 4) is not (DrainResult.Faulted or DrainResult.Drained); i++)
            {
                _quiet.Finish();
                lane.Resume();
            }

            lane.Release();
        }
        else
        {
            CloseRing(); // nobody reads a broken one: the next round needs another
            OpenRing();
        }

        Assert.Null(_quiet.Failure);
        for (int index = 0; index < LedgerSegment.EntryCount; index++)
        {
            _opened.Word(index) = 0;
        }
    });

    private void OpenRing()
    {
        _ring = RingSegment.Create(1, Sender, Receiver, LaneKind.Inbox, Limits);
        _segment = SharedSegment.Open(Duplicate(_ring.Descriptor), _ring.Length);
        _all = MappedMemory.Map(_segment, 0.._ring.Length);
    }

    private void CloseRing()
    {
        _all.Dispose();
        _segment.Dispose();
        _ring.Dispose();
    }

    private static SafeFileHandle Duplicate(SafeFileHandle handle) =>
        File.OpenHandle($"/proc/self/fd/{handle.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

    private RingReader Attach(LedgerSegment? ledger) =>
        new RingReaderLoop(_own, _quiet, _quiet, Limits, ledger, new RingLoopOptions { SpinBudget = 0 })
            .Attach(Duplicate(_ring.Descriptor), _ring.Length, Sender, LaneKind.Inbox, _doorbell);

    /// <summary>Legal records, bent; cursors and state that are legal, or not.</summary>
    private void Scribble(Garbage garbage)
    {
        Random random = garbage.Random;
        byte* data = _all.Address + RingLayout.DataOffset;
        int start = random.Next(3) == 0 ? random.Next(Capacity / 8) * 8 : 0;
        long position = start;
        bool inPieces = false;
        while (position - start < Capacity - 512)
        {
            int offset = (int)(position % Capacity);
            int room = Capacity - offset;
            int length = Math.Min(random.Next(random.Next(4) == 0 ? 500 : 100), room - 8);
            (RecordKind kind, RecordFlags flags) = (room, random.Next(12)) switch
            {
                (< 64, _) => (RecordKind.Padding, RecordFlags.None),
                (_, 0) when !inPieces => (RecordKind.Frame, RecordFlags.First),
                (_, < 3) when inPieces => (RecordKind.Frame, RecordFlags.None),
                (_, < 6) when inPieces => (RecordKind.Frame, RecordFlags.Last),
                (_, 6) => (RecordKind.Abort, RecordFlags.None),
                (_, 7) => ((RecordKind)random.Next(6), (RecordFlags)random.Next(5)),
                _ => (RecordKind.Frame, RecordFlags.Whole),
            };
            length = kind == RecordKind.Padding ? room - 8 : kind == RecordKind.Abort && random.Next(4) != 0 ? 0 : length;
            inPieces = flags == RecordFlags.First || (inPieces && flags == RecordFlags.None && kind == RecordKind.Frame);
            *(ulong*)(data + offset) = RingLayout.RecordHeader(length, kind, flags);
            var body = new Span<byte>(data + offset + 8, length);
            random.NextBytes(body);
            int prefix = flags == RecordFlags.First ? RingLayout.AssemblyPrefixSize : 0;
            if (body.Length >= prefix + FrameHeader.Size)
            {
                if (prefix != 0)
                {
                    *(ulong*)(data + offset + 8) = (ulong)(random.Next(3) == 0 ? garbage.Number() : length + random.Next(300));
                }

                var frame = new FrameHeader((FrameKind)random.Next(1, 4), FrameFlags.None, 7, random.Next(), 0);
                frame.Write(body[prefix..], random.Next(8) == 0 ? (int)garbage.Number() : FrameHeader.Size);
            }

            position += RingLayout.RecordSize(length);
        }

        for (int i = random.Next(3); i > 0; i--)
        {
            data[random.Next(Capacity)] = (byte)random.Next(256);
        }

        ref ulong head = ref Word(1, RingLayout.HeadOffset);
        ref ulong tail = ref Word(2, RingLayout.TailOffset);
        head = (ulong)position;
        tail = Word(2, RingLayout.DoneOffset) = Word(2, RingLayout.StartedOffset) = (ulong)start;
        *(uint*)(_all.Address + RingLayout.StateOffset) = random.Next(6) == 0 ? (uint)random.Next(4) : 0;
        Word(0, RingLayout.FinalHeadOffset) = random.Next(4) == 0 ? (ulong)garbage.Number() : (ulong)position;
        *(uint*)(_all.Address + (2 * RingLayout.PageSize) + RingLayout.AssemblyOffset) = (uint)(random.Next(4) == 0 ? random.Next(4) : 0);
        if (random.Next(6) == 0)
        {
            Word(random.Next(1, 3), random.Next(2) == 0 ? 0 : RingLayout.StartedOffset + (8 * random.Next(2))) = (ulong)garbage.Number();
        }
    }

    private ref ulong Word(int page, int offset) => ref *(ulong*)(_all.Address + (page * RingLayout.PageSize) + offset);

    /// <summary>Takes, holds and finishes frames at random, and remembers what must not happen.</summary>
    private sealed class Quiet : ITransportReceiver, IRingObserver
    {
        private readonly List<FrameLease> _leases = [];

        public Garbage? Garbage { get; set; }

        public string? Failure { get; private set; }

        public void Finish()
        {
            _leases.ForEach(static lease => lease.Dispose());
            _leases.Clear();
        }

        FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
        {
            int sum = 0;
            foreach (byte value in frame.Bytes)
            {
                sum += value; // every byte can be read
            }

            Failure = sum < 0 || frame.Bytes.Length > LargestMessage ? $"a frame of {frame.Bytes.Length} bytes" : Failure;
            switch (Garbage!.Random.Next(6))
            {
                case 0:
                    return FrameDisposition.Held;
                case 1:
                    _leases.Add(frame.Take(keepBytes: true));
                    break;
                case 2:
                    frame.MarkStarted();
                    _leases.Add(frame.Take(keepBytes: false));
                    break;
                default:
                    frame.MarkStarted();
                    break;
            }

            return FrameDisposition.Consumed;
        }

        public void OnDirectoryChanged(PeerDirectory directory)
        {
        }

        public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
        {
        }

        public void LaneFaulted(RingReader lane, string reason)
        {
        }

        public void LaneDrained(RingReader lane)
        {
        }

        public void LaneBroken(RingWriter lane, string reason)
        {
        }

        public void SegmentWanted(RingWriter lane, int length) => lane.RefuseSegment();

        public void SegmentReturned(RingWriter lane, uint id)
        {
        }

        public void ReceiverFailed(RingReader lane, Exception exception) => Failure = exception.ToString();
    }
}
