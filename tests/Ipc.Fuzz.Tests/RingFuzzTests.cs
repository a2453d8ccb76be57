using Ipc.Transports;
using Ipc.Transports.Broker;
using Ipc.Transports.Rings;

namespace Ipc.Fuzz.Tests;

/// <summary>
/// A ring whose writer has written anything: its reader delivers frames that lie inside it, or drops the lane with a reason; nothing is thrown, and little is rented. What a reader has
/// left when it died, in its ring and in its ledger, is settled, whatever it is, and spoils no successor.
/// </summary>
public sealed class RingFuzzTests : IDisposable
{
    private const int LargestMessage = 1 << 20;
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Receiver = PeerId.Worker("worker", 1, 1);
    private static readonly TransportLimits Limits = new() { RingSize = ScribbledRing.Capacity, AnswerRingSize = ScribbledRing.Capacity, MaxMessageSize = LargestMessage };

    private readonly Quiet _quiet = new(LargestMessage);
    private readonly DoorbellSegment _own = DoorbellSegment.Create(isOwner: true);
    private readonly DoorbellSegment _doorbell = DoorbellSegment.Create();
    private readonly LedgerSegment _ledger = LedgerSegment.Create();

    public void Dispose()
    {
        _ledger.Dispose();
        _own.Dispose();
        _doorbell.Dispose();
    }

    [Fact]
    public void A_scribbled_ring_is_read_or_dropped() => Garbage.Feed(4_000, garbage =>
    {
        using ScribbledRing ring = NewRing(1, garbage);
        ring.Scribble(garbage);
        Read(garbage, ring, Attach(garbage, ring, ledger: null, garbage.Random.Next(4) == 0 ? LaneKind.Answer : LaneKind.Inbox));
    });

    [Fact]
    public void A_scribbled_ring_and_ledger_are_settled_by_the_post_mortem_and_read_or_dropped_by_the_successor() => Garbage.Feed(2_000, garbage =>
    {
        Random random = garbage.Random;
        using ScribbledRing ring = NewRing(1, garbage);
        using ScribbledRing? written = random.Next(4) == 0 ? NewRing(2, garbage) : null;
        ring.Scribble(garbage);
        ring.Abandon(garbage);
        var entries = new ScribbledEntries(_ledger, ring.Ends);
        entries.Scribble(garbage);
        LivingReaders others = random.Next(3) == 0 ? new LivingReaders(new HashSet<int> { 2 }, new HashSet<long> { 3 }) : LivingReaders.None;

        LedgerSegment? known = random.Next(10) == 0 ? null : _ledger;
        PostMortemReport report = PostMortem.Run([ring.Ring], written is null ? [] : [written.Ring], known, others);

        Assert.InRange(report.Lost.Sum(static lost => lost.Count) + report.Interrupted.Count, 0, entries.Count + 1);
        Assert.Single(report.Taken);
        if (known is not null)
        {
            entries.AssertSettled(others);
        }

        if (ring.Ring.Broken is null)
        {
            entries.ScribbleSome(garbage);
            using LedgerSegment successor = LedgerSegment.Open(ScribbledRing.Duplicate(_ledger.Descriptor), _ledger.Length, random.Next(2, 6));
            RingReader lane = Attach(garbage, ring, successor, LaneKind.Inbox);
            entries.ScribbleSome(garbage);
            Read(garbage, ring, lane);
        }

        ring.Ring.Close();
        Assert.InRange(AbandonedInbox.CountMessages(ring.Ring, known), 0, entries.Count + (ScribbledRing.Capacity / RingLayout.RecordHeaderSize));
        entries.Clear();
    });

    /// <summary>A ring, now and then with memory for large frames.</summary>
    private ScribbledRing NewRing(long id, Garbage garbage)
    {
        var ring = new ScribbledRing(id, Sender, Receiver, Limits);
        ring.Ring.WriterDoorbell = garbage.Random.Next(2) == 0 ? _doorbell : null;
        for (int i = garbage.Random.Next(-4, 3); i > 0; i--)
        {
            FrameSegment segment = ring.Ring.CreateFrame(FrameSegmentLayout.SegmentLength(1));
            segment.Taken = (ulong)garbage.Random.Next(2);
        }

        return ring;
    }

    private RingReader Attach(Garbage garbage, ScribbledRing ring, LedgerSegment? ledger, LaneKind kind)
    {
        RingReader lane = new RingReaderLoop(_own, _quiet, _quiet, Limits, ledger, new RingLoopOptions { SpinBudget = 0 })
            .Attach(ScribbledRing.Duplicate(ring.Ring.Descriptor), ring.Ring.Length, Sender, kind, _doorbell);
        if (garbage.Random.Next(2) == 0)
        {
            AddSegments(ring, lane);
        }

        return lane;
    }

    /// <summary>What a reader is given for large frames; a record that refers to it may come earlier.</summary>
    private static void AddSegments(ScribbledRing ring, RingReader lane)
    {
        foreach (FrameSegment segment in ring.Ring.FrameSegments)
        {
            lane.AddSegment(FrameSegment.Open(ScribbledRing.Duplicate(segment.Descriptor), segment.Length, segment.Id, RingRole.Reader));
        }
    }

    private void Read(Garbage garbage, ScribbledRing ring, RingReader lane)
    {
        _quiet.Garbage = garbage;
        var thread = new ReaderThread(canBeRelieved: false) { ManagedId = Environment.CurrentManagedThreadId };
        for (int i = 0; i < 40 && lane.Drain(thread, 4) is not (DrainResult.Faulted or DrainResult.Drained); i++)
        {
            if (i % 2 == 0)
            {
                _quiet.Finish();
            }

            if (i == 10)
            {
                AddSegments(ring, lane);
                ring.Ring.Close(); // what is left is read to its end
            }

            lane.Resume();
            Assert.InRange(lane.RentedForAssembly, 0, LargestMessage);
        }

        _quiet.Finish();
        Assert.Null(_quiet.Failure);
        lane.Release();
    }
}
