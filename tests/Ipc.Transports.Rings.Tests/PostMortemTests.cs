using Ipc.Transports.Broker;

namespace Ipc.Transports.Rings.Tests;

/// <summary>What the supervisor makes of pages and entries that a dead worker has left: its own work or garbage.</summary>
public sealed class PostMortemTests
{
    private const int Capacity = 4096;
    private static readonly PeerId Sender = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Dead = PeerId.Worker("worker", 1, 1);

    [Theory]
    [InlineData("done at the last byte", Capacity - 1, Capacity + 8, 0)]
    [InlineData("done in the middle of a word", 12, 24, 0)]
    [InlineData("started", 8, 21, 0)]
    [InlineData("tail", 8, 24, 3)]
    public void Cursors_that_are_not_aligned_are_not_followed_and_their_ring_is_closed(string what, ulong done, ulong started, ulong tail)
    {
        using RingSegment ring = NewRing(1);
        Poke.Cursors(ring, head: 2 * Capacity, done, started, tail);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ring.RingId, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 3, action: 33);

        PostMortemReport report = PostMortem.Run([ring], [], ledger, LivingReaders.None);

        Assert.True(ring.IsClosed, what);
        Assert.Contains("cursors", ring.Broken, StringComparison.Ordinal);
        Assert.Equal(new LostMessages(Sender, 33, 1) { AreUnreadable = true }, Assert.Single(report.Lost)); // nobody reads the ring any more
        Assert.Equal(0ul, ledger.Word(0));
        Assert.Equal(long.MaxValue, report.Taken.Single().Position);
        Assert.Equal(0, AbandonedInbox.CountMessages(ring, ledger));
    }

    [Fact]
    public async Task A_head_that_no_writer_can_have_is_not_walked_to()
    {
        using RingSegment ring = NewRing(1);
        Poke.Cursors(ring, head: 1ul << 62, done: 0, started: 0, tail: 0); // before a ring of zeros: they would be records without an end

        PostMortemReport report = await Task.Run(() => PostMortem.Run([ring], [], null, LivingReaders.None)).WaitAsync(Wait.Deadline);

        Assert.Equal(0, report.Taken.Single().Position);
    }

    [Fact]
    public void A_final_head_that_is_not_aligned_is_not_read_up_to()
    {
        using RingSegment ring = NewRing(1);
        Poke.Cursors(ring, head: Capacity - 3, done: Capacity - 8, started: Capacity - 8, tail: 0);
        ring.Close();

        Assert.Equal(0, AbandonedInbox.CountMessages(ring, null));
    }

    [Fact]
    public void An_entry_s_position_that_is_not_aligned_does_not_move_the_ring()
    {
        using RingSegment ring = NewRing(1);
        Poke.Cursors(ring, head: 2 * Capacity, done: 0, started: 0, tail: 0);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ring.RingId, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 1, action: 1);
        ledger.Position(0) = Capacity - 1;

        PostMortem.Run([ring], [], ledger, LivingReaders.None);

        Assert.Equal(0ul, ring.Memory.Done);
    }

    [Fact]
    public void Entries_of_a_ring_that_is_gone_are_reported_and_freed()
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ringId: 99, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 5, action: 55);
        Entry(ledger, 1, ringId: 99, LedgerState.Pending, LedgerFlags.HasBytes | LedgerFlags.Request, correlation: 6, action: 66);
        Entry(ledger, 2, ring.RingId, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 7, action: 77);

        PostMortemReport report = PostMortem.Run([ring], [], ledger, LivingReaders.None);

        Assert.Equal([55ul], report.Lost.Select(lost => lost.ActionHash));
        Assert.Equal([0ul, 0ul], new[] { ledger.Word(0), ledger.Word(1) });
        Assert.NotEqual(0ul, ledger.Word(2));
        Assert.True(ring.HasWaiting);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 77)]
    [InlineData(11, 77)]
    public void An_entry_that_does_not_wait_is_reported_and_freed_whatever_it_says_about_its_owner(int state, int owner)
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ring.RingId, (LedgerState)state, LedgerFlags.None, correlation: 5, action: 55, owner);
        Entry(ledger, 1, ring.RingId, (LedgerState)state, LedgerFlags.Request, correlation: 6, action: 66, owner);

        PostMortemReport report = PostMortem.Run([ring], [], ledger, LivingReaders.None);

        Assert.Equal(new LostMessages(Sender, 55, 1), Assert.Single(report.Lost));
        Assert.Equal(new InterruptedRequest(Sender, 6, 66), Assert.Single(report.Interrupted));
        Assert.Equal(state == (int)LedgerState.Started ? [(55ul, 1), (66ul, 1)] : [], report.Running.Select(running => (running.Key, running.Value)));
        Assert.Equal([0ul, 0ul], new[] { ledger.Word(0), ledger.Word(1) });
    }

    [Fact]
    public void What_belongs_to_a_living_incarnation_is_left_alone_and_what_a_dead_one_left_for_it_too()
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ringId: 2, LedgerState.Started, LedgerFlags.Request, correlation: 1, action: 11, owner: 2); // runs in the living one
        Entry(ledger, 1, ringId: 2, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 2, action: 22, owner: 1); // not taken over by it yet
        Entry(ledger, 2, ringId: 2, LedgerState.Started, LedgerFlags.None, correlation: 3, action: 33, owner: 3); // scribbled by the dead one
        Entry(ledger, 3, ring.RingId, LedgerState.Started, LedgerFlags.Request, correlation: 4, action: 44, owner: 3);
        Entry(ledger, 4, ringId: 99, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 5, action: 55, owner: 3);
        ulong[] before = [.. Enumerable.Range(0, 5).Select(index => ledger.Word(index))];

        PostMortemReport report = PostMortem.Run([ring], [], ledger, new LivingReaders(new HashSet<int> { 2 }, new HashSet<long> { 2 }));

        Assert.Equal([33ul, 55ul], report.Lost.Select(lost => lost.ActionHash));
        Assert.Equal([4L], report.Interrupted.Select(request => request.Correlation));
        Assert.Equal([before[0], before[1], 0, 0, 0], Enumerable.Range(0, 5).Select(index => ledger.Word(index)));
    }

    [Fact]
    public void An_incarnation_that_starts_beside_another_one_changes_no_entry_of_the_other_one_s_half()
    {
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ringId: 2, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 1, action: 11, owner: 2);
        ledger.Bytes(0) = 0; // as between two stores of the other one, which has just freed the entry and fills it again
        ulong word = ledger.Word(0);

        LedgerSegment opened = LedgerSegment.Open(Link.Duplicate(ledger.Descriptor), ledger.Length, 3);
        _ = new LedgerStore(opened, null);

        Assert.Equal(word, ledger.Word(0));
        opened.Dispose();
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(LedgerLayout.Entries, 0, 1)] // one half is full of entries: the other one takes it
    [InlineData(2 * LedgerLayout.Entries, 0, -1)]
    [InlineData(0, 2, 1)] // the even half is handed out by a living one
    [InlineData(0, 3, 0)]
    public void What_ran_inline_goes_into_a_half_that_has_room_and_that_nobody_living_hands_out(int used, int living, int half)
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        for (int index = 0; index < used; index++)
        {
            Entry(ledger, index, ring.RingId, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 1, action: 1);
        }

        Poke.Cursors(ring, head: 176, done: 64, started: 176, tail: 64, redeliver: 176, frame: Wait.Frame(3, 100, action: 33));
        LivingReaders others = living == 0 ? LivingReaders.None : new LivingReaders(new HashSet<int> { living }, new HashSet<long>());

        PostMortemReport report = PostMortem.Run([ring], [], ledger, others);

        int[] kept = [.. Enumerable.Range(0, LedgerSegment.EntryCount).Where(index => LedgerWord.Read(ledger.Word(index)).State == LedgerState.Interrupted)];
        Assert.Equal(176ul, ring.Memory.Done);
        Assert.Equal([33ul], report.Running.Keys); // whatever becomes of it
        if (half < 0)
        {
            Assert.Empty(kept);
            Assert.Equal(new LostMessages(Sender, 33, 1), Assert.Single(report.Lost));
            return;
        }

        int entry = Assert.Single(kept);
        Assert.Empty(report.Lost);
        Assert.True(ring.HasWaiting);
        Assert.Equal(half, LedgerSegment.HalfOf(entry));
        Assert.Equal((ring.RingId, 176ul, 1), (ledger.RingId(entry), ledger.Position(entry), LedgerWord.Read(ledger.Word(entry)).Deliveries));
        Assert.Equal(Wait.Frame(3, 100, action: 33), ledger.Kept(entry).ToArray());
    }

    [Fact]
    public void What_is_to_be_run_again_counts_as_lost_when_the_inbox_is_given_up()
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        Entry(ledger, 0, ring.RingId, LedgerState.Started, LedgerFlags.HasBytes | LedgerFlags.Redeliver, correlation: 1, action: 1);

        PostMortem.Run([ring], [], ledger, LivingReaders.None);
        ring.Close();

        Assert.Equal(1, AbandonedInbox.CountMessages(ring, ledger));
    }

    public static TheoryData<int, int> IllegalPlaces() => new()
    {
        { 0, 0 },
        { 0, -1 },
        { 0, LedgerLayout.LargestFrame + 1 },
        { 0, int.MaxValue },
        { -64, 64 },
        { 1, 64 },
        { LedgerLayout.ArenaBytes, 64 },
        { LedgerLayout.ArenaBytes - 64, 65 },
        { int.MaxValue - 63, 64 },
    };

    [Theory]
    [MemberData(nameof(IllegalPlaces))]
    public void A_waiting_entry_whose_bytes_are_at_no_legal_place_is_reported_and_spoils_no_successor(int place, int length)
    {
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        int index = LedgerLayout.Entries; // of the odd half
        Entry(ledger, index, ring.RingId, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 5, action: 55);
        ledger.Place(index) = place;
        ledger.Bytes(index) = length;
        ulong word = ledger.Word(index);

        PostMortemReport report = PostMortem.Run([ring], [], ledger, LivingReaders.None);
        Assert.Equal(new LostMessages(Sender, 55, 1) { AreUnreadable = true }, Assert.Single(report.Lost));
        Assert.Equal(0ul, ledger.Word(index));

        // Scribbled after the post-mortem: the successors of both parities refuse it too, and the one whose half it is tidies up.
        foreach (int incarnation in (int[])[2, 3])
        {
            ledger.Word(index) = word;
            LedgerSegment opened = LedgerSegment.Open(Link.Duplicate(ledger.Descriptor), ledger.Length, incarnation);
            var store = new LedgerStore(opened, null);
            Assert.Equal(incarnation == 3 ? 0ul : word, ledger.Word(index));
            Assert.Empty(store.FindInherited(ring.RingId));
            opened.Dispose();
        }

        var arena = new ArenaAllocator(LedgerLayout.ArenaBytes);
        Assert.Equal(length == LedgerLayout.LargestFrame + 1, arena.Reserve(place, length)); // the arena has room for one that the ledger does not take
        Assert.InRange(arena.Free, 0, LedgerLayout.ArenaBytes);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)] // the other one is a living incarnation's, and comes behind it
    public void Of_entries_whose_bytes_overlap_one_is_reported_with_the_reason_and_spoils_no_other(int owner, bool wasInterrupted)
    {
        (LedgerState state, LedgerFlags flags) = wasInterrupted ? (LedgerState.Started, LedgerFlags.HasBytes | LedgerFlags.Redeliver) : (LedgerState.Pending, LedgerFlags.HasBytes);
        using RingSegment ring = NewRing(1);
        using LedgerSegment ledger = LedgerSegment.Create();
        int good = owner == 1 ? 0 : 3;
        Entry(ledger, good, owner == 1 ? ring.RingId : 2, LedgerState.Pending, LedgerFlags.HasBytes, correlation: 5, action: 55, owner);
        ledger.Bytes(good) = 200;
        Entry(ledger, 1, ring.RingId, state, flags, correlation: 6, action: 66);
        ledger.Place(1) = ledger.Place(good) + 192; // its last 8 bytes
        ledger.Bytes(1) = 61;
        Entry(ledger, LedgerLayout.Entries + 1, ring.RingId, state, flags, correlation: 7, action: 77); // in the other half's arena nobody is there
        ledger.Place(LedgerLayout.Entries + 1) = ledger.Place(1);

        PostMortemReport report = PostMortem.Run([ring], [], ledger, new LivingReaders(new HashSet<int> { 2 }, new HashSet<long> { 2 }));

        Assert.Equal(new LostMessages(Sender, 66, 1) { AreUnreadable = true }, Assert.Single(report.Lost));
        Assert.Equal(0ul, ledger.Word(1));
        Assert.True(LedgerWord.Read(ledger.Word(good)).CanRun);
        Assert.True(LedgerWord.Read(ledger.Word(LedgerLayout.Entries + 1)).CanRun);
    }

    private static RingSegment NewRing(long id) => RingSegment.Create(id, Sender, Dead with { Incarnation = 0 }, LaneKind.Inbox, new TransportLimits { RingSize = Capacity });

    private static void Entry(
        LedgerSegment ledger, int index, long ringId, LedgerState state, LedgerFlags flags, long correlation, ulong action, int owner = 1)
    {
        ledger.RingId(index) = ringId;
        ledger.Position(index) = 64;
        ledger.Correlation(index) = correlation;
        ledger.Action(index) = action;
        ledger.Place(index) = index % LedgerLayout.Entries * 64;
        ledger.Bytes(index) = 64;
        ledger.Word(index) = new LedgerWord(state, flags, 1, owner).ToWord();
    }
}
