namespace Ipc.Transports.Rings;

/// <summary>One incarnation's use of its worker id's ledger: hands out entries of its half, and knows what its predecessor left waiting.</summary>
internal sealed class LedgerStore : LeaseStore
{
    private readonly Lock _lock = new();
    private readonly LedgerSegment _ledger;
    private readonly Stack<int> _freeEntries = new(LedgerLayout.Entries);
    private readonly ArenaAllocator _arena = new(LedgerLayout.ArenaBytes);
    private readonly (int Place, int Length)[] _places = new (int, int)[LedgerLayout.Entries]; // in the arena, by entry of our half: what the ledger says others could change meanwhile
    private readonly int _half;
    private int _used;
    private readonly Action<KillPoint>? _killPoints;

    /// <summary>Rebuilds the allocator from the live entries.</summary>
    /// <param name="ledger">Opened with this process's incarnation, after the post-mortem of its predecessor.</param>
    /// <param name="killPoints">For tests.</param>
    public LedgerStore(LedgerSegment ledger, Action<KillPoint>? killPoints)
    {
        _ledger = ledger;
        _killPoints = killPoints;
        _half = ledger.Incarnation & 1;
        for (int index = LedgerLayout.Entries - 1; index >= 0; index--)
        {
            Adopt((_half * LedgerLayout.Entries) + index);
        }
    }

    /// <summary>The ledger.</summary>
    public LedgerSegment Ledger => _ledger;

    /// <inheritdoc/>
    public override bool CanTake(RingReader lane, int length)
    {
        if (lane.OpenLeases >= LedgerLayout.Quota)
        {
            return false;
        }

        if (Volatile.Read(ref _used) == 0)
        {
            return true;
        }

        // A frame that is too large for the arena waits in the process; not many of them.
        bool isLarge = length > LedgerLayout.LargestFrame;
        if (lane.LeasedBytes != 0 && lane.LeasedBytes + length > LedgerLayout.QuotaBytes)
        {
            return false;
        }

        lock (_lock)
        {
            return _freeEntries.Count != 0 && (isLarge || _arena.CanAllocate(length));
        }
    }

    /// <inheritdoc/>
    public override LaneLease Take(RingReader lane, ulong position, ReadOnlySpan<byte> frame, bool keepBytes, bool redeliver, FrameSegmentUse? use)
    {
        if (!FrameHeader.TryRead(frame, out FrameHeader header, out _))
        {
            lane.Fault($"a frame of {lane.Remote} that ends at {position} has no legal header any more: its bytes were changed while it was read");
        }

        bool inSegment = (keepBytes || redeliver) && use is not null;
        bool inArena = (keepBytes || redeliver) && !inSegment && frame.Length <= LedgerLayout.LargestFrame;
        int index;
        int place = 0;
        lock (_lock)
        {
            if (!_freeEntries.TryPop(out index))
            {
                throw new InvalidOperationException("The ledger is full, and a frame was offered nevertheless.");
            }

            if (inArena && (place = _arena.Allocate(frame.Length)) < 0)
            {
                _freeEntries.Push(index);
                throw new InvalidOperationException("The ledger's arena is full, and a frame was offered nevertheless.");
            }

            _places[index % LedgerLayout.Entries] = (place, inArena ? frame.Length : 0);
            _used++;
        }

        int length = inArena ? frame.Length : 0;
        if (inArena)
        {
            frame.CopyTo(_ledger.Arena(_half, place, length));
        }

        Pass(KillPoint.CopiedToArena);
        _ledger.RingId(index) = lane.RingId;
        _ledger.Position(index) = position;
        _ledger.Correlation(index) = header.Correlation;
        _ledger.Action(index) = header.ActionHash;
        _ledger.Place(index) = place;
        _ledger.Bytes(index) = length;
        _ledger.Segment(index) = inSegment ? use!.Segment.Id : 0;
        _ledger.SegmentLength(index) = inSegment ? (uint)use!.Length : 0;
        _ledger.SegmentUse(index) = inSegment ? use!.Number : 0;

        // A frame that waits in this process only counts as started: nobody could run it again.
        bool isKept = inArena || inSegment;
        LedgerFlags flags = (header.Kind == FrameKind.Request ? LedgerFlags.Request : LedgerFlags.None)
            | (isKept ? LedgerFlags.HasBytes : LedgerFlags.None)
            | (redeliver && isKept ? LedgerFlags.Redeliver : LedgerFlags.None);
        LedgerWord word = isKept && keepBytes
            ? new LedgerWord(LedgerState.Pending, flags, 0, _ledger.Incarnation)
            : new LedgerWord(LedgerState.Started, flags, 1, _ledger.Incarnation);
        Volatile.Write(ref _ledger.Word(index), word.ToWord()); // the entry is whole before it counts; read by a post-mortem only
        Pass(KillPoint.EntryStored);
        return new LedgerLease(this, lane, index, keepBytes && !isKept ? frame : default, !inSegment && (inArena || keepBytes) ? frame.Length : 0, inSegment ? use : null);
    }

    /// <summary>What earlier incarnations left of a ring, waiting or interrupted, in its order. They have ended, and their post-mortem is done.</summary>
    public IReadOnlyList<int> FindInherited(long ringId)
    {
        var found = new List<int>();
        for (int index = 0; index < LedgerSegment.EntryCount; index++)
        {
            LedgerWord word = LedgerWord.Read(Volatile.Read(ref _ledger.Word(index)));
            if (word.CanRun && word.Owner != _ledger.Incarnation && _ledger.RingId(index) == ringId && (_ledger.HasLegalPlace(index) || _ledger.IsInSegment(index)))
            {
                found.Add(index);
            }
        }

        found.Sort((left, right) => _ledger.Position(left).CompareTo(_ledger.Position(right)));
        return found;
    }

    /// <summary>Takes an inherited frame over: from now on a kill accounts it to this incarnation.</summary>
    internal LedgerLease Inherit(RingReader lane, int index, bool hasStarted, FrameSegmentUse? use)
    {
        LedgerWord word = LedgerWord.Read(_ledger.Word(index));
        if (word.CanRun)
        {
            word = hasStarted ? word.Start(redeliver: false) : word with { State = LedgerState.Pending };
            Volatile.Write(ref _ledger.Word(index), (word with { Owner = _ledger.Incarnation }).ToWord());
        }

        // Of what runs, the bytes are needed only to run it again.
        bool isKept = !hasStarted || (word.Flags & LedgerFlags.Redeliver) != 0;
        return new LedgerLease(this, lane, index, default, _ledger.Bytes(index), isKept ? use : null);
    }

    /// <summary>A waiting frame's listener is about to start: one store.</summary>
    internal void MarkStarted(int index, bool redeliver)
    {
        LedgerWord word = LedgerWord.Read(_ledger.Word(index));
        if (word.CanRun)
        {
            Volatile.Write(ref _ledger.Word(index), (word.Start(redeliver) with { Owner = _ledger.Incarnation }).ToWord());
            Pass(KillPoint.PendingStarted);
        }
    }

    /// <summary>How often the frame's listener was started.</summary>
    internal int DeliveriesOf(int index) => LedgerWord.Read(_ledger.Word(index)).Deliveries;

    /// <summary>The frame is finished.</summary>
    internal void Free(int index)
    {
        Volatile.Write(ref _ledger.Word(index), 0);
        if (LedgerSegment.HalfOf(index) != _half)
        {
            return; // the other incarnation's half: it is handed out again by the next incarnation of that parity
        }

        lock (_lock)
        {
            _used--;
            _freeEntries.Push(index);
            (int place, int length) = _places[index % LedgerLayout.Entries];
            if (length != 0)
            {
                _arena.Release(place, length);
            }
        }
    }

    /// <summary>Rebuilds the allocator from an entry of our half. The other half is not ours to tidy up: the incarnation that hands it out may be alive.</summary>
    private void Adopt(int index)
    {
        LedgerWord word = LedgerWord.Read(Volatile.Read(ref _ledger.Word(index)));
        int place = _ledger.Place(index);
        int length = _ledger.Bytes(index);
        bool isUsed = word.State != LedgerState.Free
            && (LedgerSegment.IsLegalPlace(place, length) ? _arena.Reserve(place, length) : length == 0 && (_ledger.Segment(index) != 0 || word.State != LedgerState.Pending));
        if (isUsed)
        {
            _places[index % LedgerLayout.Entries] = (place, length);
            _used++;
            return;
        }

        if (word.State != LedgerState.Free)
        {
            Volatile.Write(ref _ledger.Word(index), 0); // scribbled since the post-mortem, or the place is taken twice
        }

        _freeEntries.Push(index);
    }

    private void Pass(KillPoint point)
    {
        if (KillPoints.AreOn)
        {
            _killPoints?.Invoke(point);
        }
    }
}
