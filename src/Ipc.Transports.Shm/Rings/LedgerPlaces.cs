namespace Ipc.Transports.Rings;

/// <summary>Which entries of a ledger have their bytes where no other one has: of those that overlap, which only a process leaves that has written what makes no sense, the first one keeps them.</summary>
internal sealed class LedgerPlaces
{
    private readonly LedgerSegment _ledger;
    private readonly ArenaAllocator[] _arenas = [new(LedgerLayout.ArenaBytes), new(LedgerLayout.ArenaBytes)];

    /// <summary>Begins with the bytes of those that live: a dead one's entry may not lie there.</summary>
    public LedgerPlaces(LedgerSegment ledger, LivingReaders others)
    {
        _ledger = ledger;
        for (int index = 0; index < LedgerSegment.EntryCount; index++)
        {
            LedgerWord word = LedgerWord.Read(Volatile.Read(ref ledger.Word(index)));
            if (word.State != LedgerState.Free && others.Incarnations.Contains(word.Owner))
            {
                TryClaim(index);
            }
        }
    }

    /// <summary>Takes an entry's place; once for each entry.</summary>
    /// <returns>Whether it is one, and nobody else's.</returns>
    public bool TryClaim(int index)
    {
        int place = _ledger.Place(index); // once: a living process changes its own
        int length = _ledger.Bytes(index);
        return LedgerSegment.IsLegalPlace(place, length) && _arenas[LedgerSegment.HalfOf(index)].Reserve(place, length);
    }
}
