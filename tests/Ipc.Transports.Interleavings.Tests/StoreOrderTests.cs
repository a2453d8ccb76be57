using System.Buffers;
using Ipc.Transports.Memory;
using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Crash accounting needs program order: a kill between any two stores must find what came before. Swap two of them in the product and one of these fails.</summary>
public sealed class StoreOrderTests : IDisposable
{
    private const int FrameLength = 600; // more than an eighth of the ring: the tail follows at once
    private const int RecordLength = 608;

    private readonly long _first = MappedMemory.Last;
    private readonly StoreLog _log;
    private readonly RingHarness _harness;
    private readonly RingSegment _ring;
    private readonly RingWriter _writer;
    private readonly LedgerSegment _ledger;
    private readonly LedgerSegment _own;
    private readonly Received _received = new();
    private readonly RingReader _lane;

    public StoreOrderTests()
    {
        _log = new StoreLog(_first);
        _harness = new RingHarness(null);
        _ring = _harness.NewRing();
        _log.IsRing();
        _ledger = _harness.Keep(LedgerSegment.Create());
        _log.IsLedger();
        _own = _harness.Keep(LedgerSegment.Open(RingHarness.Duplicate(_ledger.Descriptor), _ledger.Length, 1));
        _writer = _harness.OpenWriter(_ring);
        _lane = _harness.Attach(_ring, _harness.NewLoop(_harness.ReaderDoorbell, _received, _own));
    }

    public void Dispose()
    {
        _log.Dispose();
        _harness.Dispose();
    }

    [Fact]
    public void A_record_is_whole_before_the_head_moves_past_it()
    {
        _log.Before = entry => Assert.Equal(RingLayout.RecordHeader(FrameLength, RecordKind.Frame, RecordFlags.Whole), Header());
        Send();
        Assert.Equal([$"head {RecordLength}"], _log.Entries);
    }

    [Fact]
    public void A_frame_has_started_before_it_is_decoded_and_is_done_before_its_room_is_given_back()
    {
        Send();
        Receive(static (scoped in InboundFrame frame) => frame.MarkStarted(), "decoded");
        Assert.Equal([$"head {RecordLength}", $"started {RecordLength}", "decoded", $"done {RecordLength}", $"tail {RecordLength}"], _log.Entries);
    }

    [Fact]
    public void A_frame_that_is_taken_waiting_is_in_the_ledger_with_its_bytes_before_it_is_done()
    {
        Send();
        _log.Before = entry =>
        {
            if (entry == "word Pending")
            {
                Assert.Equal(_ring.RingId, _own.RingId(First()));
                Assert.Equal((ulong)RecordLength, _own.Position(First()));
                Assert.Equal(7ul, _own.Action(First()));
                Assert.Equal(1, _own.Correlation(First()));
                Assert.Equal(RingHarness.Frame(1, FrameLength), _own.Kept(First()));
            }
        };
        FrameLease? lease = null;
        Receive((scoped in InboundFrame frame) => lease = frame.Take(keepBytes: true), "taken");
        lease!.MarkStarted();
        lease.Dispose();
        Assert.Equal(
            [$"head {RecordLength}", "word Pending", $"done {RecordLength}", "taken", $"done {RecordLength}", $"tail {RecordLength}", "word Started", "word Free"],
            _log.Entries);
    }

    [Fact]
    public void A_running_frame_that_is_taken_is_in_the_ledger_as_started_before_it_is_done()
    {
        Send();
        Receive(
            static (scoped in InboundFrame frame) =>
            {
                frame.MarkStarted();
                frame.Take(keepBytes: false);
            },
            "taken");
        Assert.Equal(
            [$"head {RecordLength}", $"started {RecordLength}", "word Started", $"done {RecordLength}", "taken", $"done {RecordLength}", $"tail {RecordLength}"],
            _log.Entries);
    }

    [Fact]
    public void The_final_head_is_stored_between_closing_and_closed()
    {
        Send();
        _ring.Close();
        Assert.Equal([$"head {RecordLength}", "state 1", $"finalHead {RecordLength}", "state 2"], _log.Entries);
    }

    [Fact]
    public void A_post_mortem_settles_what_had_started_and_leaves_the_room_to_the_successor()
    {
        Send();
        Receive(static (scoped in InboundFrame frame) => frame.MarkStarted(), "killed", dies: true);
        _log.Entries.Clear();
        PostMortemReport report = PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        Assert.Equal([$"done {RecordLength}"], _log.Entries);
        Assert.Equal(1, Assert.Single(report.Lost).Count);
    }

    [Fact]
    public void A_post_mortem_frees_an_entry_only_when_it_has_read_it_and_moves_done_past_a_frame_that_the_ledger_has()
    {
        Send();
        _log.Before = entry =>
        {
            if (entry.StartsWith("done", StringComparison.Ordinal))
            {
                throw new Killed(); // between the entry's store and that of done
            }
        };
        Assert.Throws<Killed>(() => Receive(static (scoped in InboundFrame frame) => frame.Take(keepBytes: true), "taken"));
        _log.Before = null;
        _log.Entries.Clear();
        PostMortemReport report = PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        Assert.Equal([$"done {RecordLength}"], _log.Entries); // the entry waits for the successor
        Assert.Empty(report.Lost);
    }

    [Theory]
    [InlineData(true)] // waited, and another thread has finished it by then
    [InlineData(false)] // needed no listener
    public void A_frame_in_pieces_that_was_handled_is_not_reported_when_its_reader_dies_before_it_says_so(bool isTaken)
    {
        int handled = 0;
        Task<long> sending = RingHarness.Send(_writer, 1, 3_003);
        Assert.Throws<Killed>(() => ReadInPieces(
            sending,
            (scoped in InboundFrame frame) =>
            {
                handled++;
                if (isTaken)
                {
                    FrameLease lease = frame.Take(keepBytes: true);
                    lease.MarkStarted();
                    lease.Dispose();
                }

                return FrameDisposition.Consumed;
            },
            static (_, entry) => entry == "assembly 0"));

        AssertNothingToReport();
        Assert.Equal(1, handled);
    }

    [Fact]
    public void A_frame_in_pieces_whose_first_one_has_not_been_passed_is_not_reported_and_the_successor_reads_it()
    {
        Send();
        Receive(static (scoped in InboundFrame frame) => frame.Take(keepBytes: true).Dispose(), "taken");
        Task<long> sending = RingHarness.Send(_writer, 2, 3_003);
        Assert.Throws<Killed>(() => ReadInPieces(sending, null, static (last, _) => last == "assembly 1"));

        AssertNothingToReport();
        _log.Before = null;
        var received = new Received();
        RingReader successor = _harness.Attach(_ring, _harness.NewLoop(_harness.ReaderDoorbell, received, _harness.Keep(LedgerSegment.Open(RingHarness.Duplicate(_ledger.Descriptor), _ledger.Length, 2))));
        for (int i = 0; i < 10; i++)
        {
            successor.Drain(LaneReading.Here(), 8);
            _writer.Flush();
        }

        Assert.Equal([2L], received.Numbers);
        Assert.True(sending.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_frame_in_pieces_that_its_sender_has_given_up_is_not_reported_when_its_reader_dies_over_that()
    {
        using var giving = new CancellationTokenSource();
        _writer.BeginFrame().Write(RingHarness.Frame(1, 9_001));
        Task<long> sending = _writer.CommitFrameAsync(Timeout.InfiniteTimeSpan, giving.Token).AsTask();
        _lane.Drain(LaneReading.Here(), 8);
        giving.Cancel();
        _writer.Flush();
        Assert.True(sending.IsCanceled);
        int stores = 0;
        _log.Before = _ =>
        {
            if (++stores == 2)
            {
                throw new Killed();
            }
        };
        Assert.Throws<Killed>(() => _lane.Drain(LaneReading.Here(), 8));

        AssertNothingToReport();
    }

    private void ReadInPieces(Task sending, Received.FrameAction? then, Func<string?, string, bool> isDeath)
    {
        _received.OnFrame = then;
        _log.Before = entry =>
        {
            if (isDeath(_log.Entries.LastOrDefault(), entry))
            {
                throw new Killed();
            }
        };
        for (int i = 0; i < 10; i++)
        {
            _lane.Drain(LaneReading.Here(), 8);
            _writer.Flush();
        }

        Assert.True(sending.IsCompleted);
    }

    private void AssertNothingToReport()
    {
        PostMortemReport report = PostMortem.Run([_ring], [], _ledger, LivingReaders.None);
        Assert.Empty(report.Lost);
        Assert.Empty(report.Interrupted);
    }

    private void Send() => Assert.True(RingHarness.Send(_writer, 1, FrameLength).IsCompletedSuccessfully);

    private void Receive(Received.FrameAction then)
    {
        _received.OnFrame = then;
        _lane.Drain(LaneReading.Here(), 1);
    }

    private void Receive(FrameUse use, string note, bool dies = false)
    {
        bool isKilled = false;
        Action<string>? before = _log.Before;
        _log.Before = entry =>
        {
            before?.Invoke(entry);
            if (isKilled)
            {
                throw new Killed();
            }
        };
        try
        {
            Receive((scoped in InboundFrame frame) =>
            {
                use(frame);
                _log.Entries.Add(note);
                isKilled = dies;
                return FrameDisposition.Consumed;
            });
        }
        catch (Killed) when (dies)
        {
            _log.Before = before;
        }
    }

    private unsafe ulong Header() => *(ulong*)_ring.Memory.Data;

    private int First() => Enumerable.Range(0, LedgerSegment.EntryCount).First(i => _own.RingId(i) != 0);

    private delegate void FrameUse(scoped in InboundFrame frame);
}
