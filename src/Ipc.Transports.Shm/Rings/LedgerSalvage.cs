namespace Ipc.Transports.Rings;

/// <summary>Puts the frame that a dead process was running inline, straight from the ring or from its segment, into its worker id's ledger, so that a successor can run it again.</summary>
/// <param name="ledger">The ledger.</param>
/// <param name="others">Other incarnations that live: the half that one of them hands out is not touched.</param>
/// <remarks>There is room: the reader offers a frame only while an entry and as much of the arena are free in its half. Where there is none, the dead process has written what makes no sense.</remarks>
internal sealed class LedgerSalvage(LedgerSegment ledger, LivingReaders others)
{
    /// <summary>Makes the entry; the frame's record may be overwritten afterwards.</summary>
    /// <param name="ring">Whose frame.</param>
    /// <param name="position">Behind it.</param>
    /// <param name="header">Its header.</param>
    /// <param name="frame">The frame.</param>
    /// <returns>False when it does not fit.</returns>
    public bool TryKeep(RingSegment ring, ulong position, FrameHeader header, ReadOnlySpan<byte> frame)
    {
        if (frame.IsEmpty || frame.Length > LedgerLayout.LargestFrame || !TryFind(frame.Length, out int index, out int place))
        {
            return false;
        }

        frame.CopyTo(ledger.Arena(LedgerSegment.HalfOf(index), place, frame.Length));
        ledger.Place(index) = place;
        ledger.Bytes(index) = frame.Length;
        Store(index, ring, position, header, default);
        return true;
    }

    /// <summary>Makes the entry of a frame that stays in its segment.</summary>
    /// <param name="ring">Whose frame.</param>
    /// <param name="position">Behind the record that refers to it.</param>
    /// <param name="header">Its header.</param>
    /// <param name="reference">Where it is, as the record says.</param>
    /// <returns>False when it cannot be there, or there is no entry.</returns>
    public bool TryRefer(RingSegment ring, ulong position, FrameHeader header, FrameReference reference)
    {
        if (!ring.HasFrame(reference.Segment, reference.Length) || !TryFind(0, out int index, out _))
        {
            return false;
        }

        ledger.Place(index) = 0;
        ledger.Bytes(index) = 0;
        Store(index, ring, position, header, reference);
        return true;
    }

    private void Store(int index, RingSegment ring, ulong position, FrameHeader header, FrameReference reference)
    {
        ledger.RingId(index) = ring.RingId;
        ledger.Position(index) = position;
        ledger.Correlation(index) = header.Correlation;
        ledger.Action(index) = header.ActionHash;
        ledger.Segment(index) = reference.Segment;
        ledger.SegmentLength(index) = reference.Length;
        ledger.SegmentUse(index) = reference.Use;
        ledger.Word(index) = new LedgerWord(LedgerState.Interrupted, LedgerFlags.HasBytes | LedgerFlags.Redeliver, 1, 0).ToWord();
    }

    private bool TryFind(int length, out int free, out int place)
    {
        for (int half = 0; half < 2; half++)
        {
            if (!others.Incarnations.Any(incarnation => (incarnation & 1) == half) && TryFind(half, length, out free, out place))
            {
                return true;
            }
        }

        free = place = -1;
        return false;
    }

    private bool TryFind(int half, int length, out int free, out int place)
    {
        var arena = new ArenaAllocator(LedgerLayout.ArenaBytes);
        free = -1;
        for (int index = half * LedgerLayout.Entries; index < (half + 1) * LedgerLayout.Entries; index++)
        {
            if (LedgerWord.Read(ledger.Word(index)).State == LedgerState.Free)
            {
                free = index;
            }
            else if (ledger.HasLegalPlace(index))
            {
                arena.Reserve(ledger.Place(index), ledger.Bytes(index));
            }
        }

        place = free < 0 ? -1 : length == 0 ? 0 : arena.CanAllocate(length) ? arena.Allocate(length) : -1;
        return place >= 0;
    }
}
