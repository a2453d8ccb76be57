using Ipc.Transports.Rings;

namespace Ipc.Fuzz.Tests;

/// <summary>Entries of a ledger as incarnations leave them that die: legal ones that belong to a ring, nearly legal ones, and anything.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="ends">Where the ring's records end.</param>
internal sealed class ScribbledEntries(LedgerSegment ledger, IReadOnlyList<ulong> ends)
{
    private readonly HashSet<int> _used = [];

    /// <summary>How many entries were written.</summary>
    public int Count => _used.Count;

    /// <summary>Writes a few, rarely so many that a half, or both, or an arena is full.</summary>
    public void Scribble(Garbage garbage)
    {
        Random random = garbage.Random;
        int fill = random.Next(60);
        for (int index = 0; fill < 3 && index < LedgerSegment.EntryCount; index++)
        {
            if (fill == 2 || LedgerSegment.HalfOf(index) == fill)
            {
                WriteWaiting(index, index % LedgerLayout.Entries * 64, 33);
            }
        }

        for (int index = 0; fill == 3 && index < LedgerSegment.EntryCount; index += LedgerLayout.Entries / 4)
        {
            WriteWaiting(index, index % LedgerLayout.Entries * (LedgerLayout.ArenaBytes / LedgerLayout.Entries), LedgerLayout.LargestFrame);
        }

        for (int i = random.Next(6); i > 0; i--)
        {
            int index = random.Next(4) == 0 ? random.Next(LedgerSegment.EntryCount) : (random.Next(2) * LedgerLayout.Entries) + random.Next(8);
            WriteLegal(garbage, index);
            if (random.Next(4) == 0)
            {
                Bend(garbage, index);
            }
        }
    }

    /// <summary>Changes one, perhaps, as whoever maps the ledger can at any time.</summary>
    public void ScribbleSome(Garbage garbage)
    {
        if (_used.Count != 0 && garbage.Random.Next(4) == 0)
        {
            Bend(garbage, _used.ElementAt(garbage.Random.Next(_used.Count)));
        }
    }

    /// <summary>Whatever is left waits for a successor, or belongs to somebody who lives.</summary>
    public void AssertSettled(LivingReaders others)
    {
        foreach (int index in _used)
        {
            LedgerWord word = LedgerWord.Read(ledger.Word(index));
            Assert.True(word.State == LedgerState.Free || word.CanRun || others.Incarnations.Contains(word.Owner), $"entry {index} is left as {word}");
        }
    }

    /// <summary>Frees all, also those that post-mortem and successor have made.</summary>
    public void Clear()
    {
        for (int index = 0; index < LedgerSegment.EntryCount; index++)
        {
            ledger.Word(index) = 0;
        }
    }

    /// <summary>One that waits for another ring's reader, who lives or not.</summary>
    private void WriteWaiting(int index, int place, int length)
    {
        _used.Add(index);
        ledger.RingId(index) = 3;
        ledger.Position(index) = 8;
        ledger.Place(index) = place;
        ledger.Bytes(index) = length;
        ledger.Segment(index) = 0;
        ledger.Word(index) = new LedgerWord(LedgerState.Pending, LedgerFlags.HasBytes, 0, 2).ToWord();
    }

    private void WriteLegal(Garbage garbage, int index)
    {
        Random random = garbage.Random;
        _used.Add(index);
        var state = (LedgerState)random.Next(1, 4);
        var flags = (LedgerFlags)random.Next(8);
        bool inSegment = random.Next(4) == 0;
        bool inArena = !inSegment && (state != LedgerState.Started || (flags & LedgerFlags.HasBytes) != 0);
        ledger.RingId(index) = random.Next(6) switch { 0 => 3, 1 => 99, _ => 1 };
        ledger.Position(index) = ends[random.Next(ends.Count)];
        ledger.Correlation(index) = index;
        ledger.Action(index) = (ulong)random.Next(4);
        ledger.Place(index) = inArena ? index % LedgerLayout.Entries * 512 : 0;
        ledger.Bytes(index) = inArena ? random.Next(33, 512) : 0;
        ledger.Segment(index) = inSegment ? (uint)random.Next(1, 4) : 0;
        ledger.SegmentLength(index) = inSegment ? (uint)random.Next(30, 60_000) : 0;
        ledger.SegmentUse(index) = inSegment ? (ulong)random.Next(1, 3) : 0;
        ledger.Word(index) = new LedgerWord(state, flags, random.Next(3), random.Next(1, 5)).ToWord();
    }

    private void Bend(Garbage garbage, int index)
    {
        switch (garbage.Random.Next(9))
        {
            case 0:
                ledger.RingId(index) = garbage.Number();
                break;
            case 1:
                ledger.Position(index) = (ulong)garbage.Number();
                break;
            case 2:
                ledger.Place(index) = (int)garbage.Number();
                break;
            case 3:
                ledger.Bytes(index) = (int)garbage.Number();
                break;
            case 4:
                ledger.Segment(index) = (uint)garbage.Number();
                break;
            case 5:
                ledger.SegmentLength(index) = (uint)garbage.Number();
                break;
            case 6:
                ledger.SegmentUse(index) = (ulong)garbage.Number();
                break;
            case 7:
                ledger.Place(index) = 0; // where another one may be
                break;
            default:
                ledger.Word(index) = (ulong)garbage.Number();
                break;
        }
    }
}
