using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Tests;

/// <summary>The supervisor's and the senders' side of one worker id whose incarnations are real processes that are killed, and the books: what started, ended and was reported.</summary>
internal sealed class KilledInbox : IDisposable
{
    /// <summary>How many frames each sender sends.</summary>
    public const int Frames = 240;

    private static readonly PeerId Slot = PeerId.Worker("worker", 1, 0);

    private readonly DoorbellSegment _writerDoorbell = DoorbellSegment.Create();
    private readonly LedgerSegment _ledger = LedgerSegment.Create();
    private readonly RingSegment[] _rings;
    private readonly RingReaderLoop _loop;
    private readonly RingWriter[] _writers;
    private readonly List<DoorbellSegment> _doorbells = [];
    private readonly List<(int Frame, int Delivery)> _started = [];
    private readonly List<int> _ended = [];
    private readonly List<int> _reported = [];
    private readonly List<PeerProcess> _running = [];
    private readonly bool _hasSegments;
    private Func<int, int> _size = _ => 0;
    private bool _allSent;

    public KilledInbox(int senders = 1, int segments = 0)
    {
        _hasSegments = segments != 0;
        var limits = new TransportLimits { RingSize = 16384 };
        _rings = [.. Enumerable.Range(0, senders).Select(sender => RingSegment.Create(77 + sender, Sender(sender), Slot, LaneKind.Inbox, limits))];
        _loop = new RingReaderLoop(
            DoorbellSegment.Open(Link.Duplicate(_writerDoorbell.Descriptor), isOwner: true), new RecordingReceiver(), new RecordingObserver(), limits, null,
            new RingLoopOptions { SegmentTick = TimeSpan.FromMinutes(10) }); // nobody is there who would give them back
        _doorbells.Add(DoorbellSegment.Create());
        foreach (RingSegment ring in _rings)
        {
            ring.WriterDoorbell = _writerDoorbell;
        }

        _writers = [.. _rings.Select(ring => RingWriter.Open(Link.Duplicate(ring.Descriptor), ring.Length, Slot, LaneKind.Inbox, _doorbells[0], _loop))];
        _loop.Start();
        for (int i = 0; i < segments; i++)
        {
            FrameSegment segment = _rings[0].CreateFrame(FrameSegmentLayout.SegmentLength(1));
            _writers[0].AddSegment(FrameSegment.Open(Link.Duplicate(segment.Descriptor), segment.Length, segment.Id, RingRole.Writer));
        }
    }

    /// <summary>Whether every frame has ended or been reported, as far as can be seen.</summary>
    public bool IsDone => Volatile.Read(ref _allSent)
        && _ended.Concat(_reported).Concat(_running.SelectMany(peer => Numbers(peer, "end "))).Distinct().Count() >= Frames * _rings.Length;

    /// <summary>The words of the entries that an incarnation owns.</summary>
    public (int Index, ulong Word)[] EntriesOf(int incarnation) =>
        [.. Enumerable.Range(0, LedgerSegment.EntryCount).Select(index => (index, Volatile.Read(ref _ledger.Word(index)))).Where(entry => entry.Item2 != 0 && LedgerWord.Read(entry.Item2).Owner == incarnation)];

    public string Describe() => string.Join("; ", _rings.Select(ring => $"head {ring.Memory.Head} tail {ring.Memory.Tail} started {ring.Memory.Started} done {ring.Memory.Done} writer parked {ring.Memory.WriterParked}"))
        + $"; all sent {_allSent}, {_started.Count} started, {_ended.Count} ended, {_reported.Count} reported; "
        + string.Join("; ", _running.Select(peer => $"exited {peer.HasExited}, {peer.Lines.Count} lines, last {peer.Lines.LastOrDefault()}, {string.Join(' ', peer.Lines.Where(line => line[0] is 'f' or 'b' or 'c'))}"))
        + $"; segments of the first: {string.Join(' ', _rings[0].FrameSegments.Select(segment => $"{segment.Taken}/{segment.Freed}"))}, its writer has {_writers[0].SegmentCount}, assembly {_rings[0].Memory.Assembly}";

    /// <summary>All senders send all of theirs; every fourth is a request.</summary>
    public async Task SendAll(Func<int, int> size)
    {
        _size = size;
        await Task.WhenAll(_writers.Select(async (writer, sender) =>
        {
            for (int i = sender * Frames; i < (sender + 1) * Frames; i++)
            {
                await writer.Send(Wait.Frame(i, size(i), i % 4 == 1 ? FrameKind.Request : FrameKind.OneWay, action: (ulong)i));
            }
        }));
        Volatile.Write(ref _allSent, true);
    }

    /// <summary>Starts an incarnation that reads the rings of some senders, or of all.</summary>
    public PeerProcess Start(int incarnation, int[]? senders = null, params string[] more)
    {
        DoorbellSegment doorbell = DoorbellSegment.Create();
        _doorbells.Add(doorbell);
        RingSegment[] rings = RingsOf(senders);
        foreach (int sender in senders ?? [.. Enumerable.Range(0, _rings.Length)])
        {
            _rings[sender].ReaderDoorbell = doorbell;
            _writers[sender].SetReaderDoorbell(doorbell);
        }

        var peer = new PeerProcess(
        [
            "read", $"incarnation={incarnation}", $"ledger={Number(_ledger.Descriptor)}", $"doorbell={Number(doorbell.Descriptor)}",
            $"writerDoorbell={Number(_writerDoorbell.Descriptor)}", $"rings={string.Join(',', rings.Select(ring => Number(ring.Descriptor)))}", $"length={rings[0].Length}",
            $"segments={string.Join(' ', rings[0].FrameSegments.Select(segment => $"{Number(segment.Descriptor)}:{segment.Length}"))}", .. more,
        ]);
        _running.Add(peer);
        return peer;
    }

    /// <summary>The post-mortem, and what it says goes into the books.</summary>
    public void Settle(PeerProcess dead, int[]? senders = null, LivingReaders? others = null)
    {
        _running.Remove(dead);
        Assert.DoesNotContain(dead.Lines, line => line.StartsWith("corrupt", StringComparison.Ordinal) || line.StartsWith('f'));
        (int Frame, int Delivery)[] started = [.. Fields(dead, "start ").Select(fields => (fields[0], fields[1]))];
        _started.AddRange(started);

        // Inside one process they start in order; what is run again comes first.
        AssertOrdered(started.Select(start => start.Frame));
        _ended.AddRange(Numbers(dead, "end "));
        RingSegment[] rings = RingsOf(senders);
        PostMortemReport report = PostMortem.Run(rings, [], _ledger, others ?? LivingReaders.None);
        foreach (LostMessages lost in report.Lost)
        {
            Assert.Equal((1, Sender((int)lost.ActionHash / Frames)), (lost.Count, lost.Sender));
            Assert.NotEqual(1, (int)lost.ActionHash % 4);
            Assert.False(IsRunAgain((int)lost.ActionHash) && (_size((int)lost.ActionHash) < 8000 || _hasSegments), $"{lost.ActionHash} is to be run again");
            _reported.Add((int)lost.ActionHash);
        }

        foreach (InterruptedRequest request in report.Interrupted)
        {
            Assert.Equal(Sender((int)request.Correlation / Frames), request.Asker);
            Assert.Equal(1, request.Correlation % 4);
            _reported.Add((int)request.Correlation);
        }

        Assert.All(rings, ring => Assert.True(ring.Memory.Started <= ring.Memory.Done));
    }

    public LivingReaders Living(int incarnation, int[] senders) =>
        new(new HashSet<int> { incarnation }, RingsOf(senders).Select(ring => ring.RingId).ToHashSet());

    public void AssertNothingVanished()
    {
        foreach (IGrouping<int, int> deliveries in _started.GroupBy(start => start.Frame, start => start.Delivery))
        {
            // Nothing runs twice that does not ask for it, and that never without being counted.
            Assert.Equal(deliveries.Order().Distinct(), deliveries);
            Assert.True(IsRunAgain(deliveries.Key) || deliveries.Order().SequenceEqual([1]), $"frame {deliveries.Key} ran {string.Join(", ", deliveries)}");
        }

        Assert.Equal(_reported.Distinct(), _reported);
        for (int sender = 0; sender < _rings.Length; sender++)
        {
            for (int i = sender * Frames; i < (sender + 1) * Frames; i++)
            {
                Assert.True(_ended.Contains(i) || _reported.Contains(i), $"frame {i} has vanished (started: {_started.Exists(start => start.Frame == i)})");
            }
        }

        AssertOrdered(_started.Select(start => start.Frame).Distinct()); // also across incarnations
        Assert.All(_rings.SelectMany(ring => ring.FrameSegments), segment => Assert.Equal(segment.Taken, segment.Freed)); // whoever was killed, the writer gets its memory back
    }

    /// <summary>How often a frame was run that had been interrupted.</summary>
    public int Redeliveries => _started.Count(start => start.Delivery > 1);

    public void Dispose()
    {
        _loop.DisposeAsync().AsTask().Wait();
        Array.ForEach(_writers, writer => writer.Dispose());
        Array.ForEach(_rings, ring => ring.Dispose());
        _ledger.Dispose();
        _writerDoorbell.Dispose();
        _doorbells.ForEach(doorbell => doorbell.Dispose());
    }

    /// <summary>Whether a frame's listener asks to run it again, as the other process's receiver does. One that comes in pieces, for want of segments, may have left shared memory.</summary>
    private static bool IsRunAgain(int frame) => frame % 8 >= 4 && frame % 4 != 1;

    /// <summary>Frames that wait keep their order, for each sender; so do those that run inline.</summary>
    private static void AssertOrdered(IEnumerable<int> started)
    {
        foreach (IGrouping<(int, bool), int> lane in started.Where(i => i % 4 != 3).GroupBy(i => (i / Frames, i % 4 == 2)))
        {
            Assert.Equal(lane.Order(), lane);
        }
    }

    private static PeerId Sender(int sender) => PeerId.Worker("worker", 10 + sender, 1);

    private static int Number(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    private static IEnumerable<int> Numbers(PeerProcess peer, string prefix) => Fields(peer, prefix).Select(fields => fields[0]);

    private static IEnumerable<int[]> Fields(PeerProcess peer, string prefix) => peer.Lines
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
        .Select(line => Array.ConvertAll(line[prefix.Length..].Split(' '), field => int.Parse(field, CultureInfo.InvariantCulture)));

    private RingSegment[] RingsOf(int[]? senders) => senders is null ? _rings : [.. senders.Select(sender => _rings[sender])];
}
