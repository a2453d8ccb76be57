namespace Ipc.Transports.Rings;

/// <summary>Settles what a dead process has left in its rings and its ledger, before anybody attaches to them again.</summary>
/// <remarks>
/// Afterwards: what had started is reported and never runs again, or interrupted and in the ledger when its listener asks for that; what waited is in the ledger for the successor;
/// what was not taken is in the rings for it; <c>started</c> and <c>done</c> agree.
/// </remarks>
internal static unsafe class PostMortem
{
    /// <summary>For the supervisor, when no thread of the process can run any more. Reads and writes control pages and the ledger only, never blocks.</summary>
    /// <param name="read">The rings that it read.</param>
    /// <param name="written">The rings that it wrote; they are closed, so that what it published is still drained.</param>
    /// <param name="ledger">Its worker id's ledger, if it had one.</param>
    /// <param name="others">Other incarnations of its worker id that live.</param>
    public static PostMortemReport Run(IReadOnlyList<RingSegment> read, IReadOnlyList<RingSegment> written, LedgerSegment? ledger, LivingReaders others)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(written);
        var findings = new PostMortemFindings();
        Dictionary<long, RingSegment> rings = read.ToDictionary(ring => ring.RingId);
        var waiting = new Dictionary<long, ulong>();
        var inSegments = new HashSet<(long RingId, uint Segment)>();
        foreach (RingSegment ring in read)
        {
            if (!ring.Memory.CursorsAreAligned)
            {
                ring.Break($"its cursors (tail {ring.Memory.Tail}, done {ring.Memory.Done}, started {ring.Memory.Started}) are not those of records");
            }
        }

        if (ledger is not null)
        {
            SettleLedger(rings, others, ledger, waiting, inSegments, findings);
        }

        var taken = new List<TakenPosition>(read.Count);
        LedgerSalvage? salvage = ledger is null ? null : new LedgerSalvage(ledger, others);
        foreach (RingSegment ring in read)
        {
            if (ring.Broken is not null)
            {
                taken.Add(new TakenPosition(ring, long.MaxValue)); // nobody can say how far: no request in it gets an answer
                continue;
            }

            if (SettleRing(ring, salvage, inSegments, findings))
            {
                waiting.TryAdd(ring.RingId, ring.Memory.Done);
            }

            ring.HasWaiting = waiting.ContainsKey(ring.RingId);
            var referred = inSegments.Where(pair => pair.RingId == ring.RingId).Select(pair => pair.Segment).ToHashSet();
            if (FindFrame(ring.Memory, ring.Memory.Done, Volatile.Read(ref ring.Memory.Head), out ReadOnlySpan<byte> next) == RecordKind.Segment && next.Length == FrameSegmentLayout.ReferenceSize)
            {
                referred.Add(FrameReference.Read(next).Segment); // perhaps begun, not started: the successor begins it again
            }

            ring.ReclaimFrames(referred);

            // Requests behind the first one that waits in the ledger are either there too, or among the interrupted, or answered: position alone says nothing about them.
            ulong done = ring.Memory.Done;
            taken.Add(new TakenPosition(ring, (long)(waiting.TryGetValue(ring.RingId, out ulong first) ? Math.Min(first - 1, done) : done)));

            // It may have died between giving space back and ringing.
            ring.WriterDoorbell?.Ring();
        }

        foreach (RingSegment ring in written)
        {
            ring.Close(); // rings the reader too: it may have died between publishing and ringing
        }

        return findings.ToReport(taken);
    }

    private static void SettleLedger(
        Dictionary<long, RingSegment> rings,
        LivingReaders others,
        LedgerSegment ledger,
        Dictionary<long, ulong> waiting,
        HashSet<(long RingId, uint Segment)> inSegments,
        PostMortemFindings findings)
    {
        var places = new LedgerPlaces(ledger, others);
        for (int index = 0; index < LedgerSegment.EntryCount; index++)
        {
            LedgerWord word = LedgerWord.Read(Volatile.Read(ref ledger.Word(index)));
            if (word.State == LedgerState.Free || others.Incarnations.Contains(word.Owner))
            {
                continue;
            }

            if (word.State == LedgerState.Started)
            {
                findings.AddRunning(ledger.Action(index));
            }

            rings.TryGetValue(ledger.RingId(index), out RingSegment? ring);
            ulong position = ledger.Position(index);

            // Of a ring that is not ours to look into, the segments are not known here.
            bool hasBytes = ledger.IsInSegment(index) ? ring is null || ring.HasFrame(ledger.Segment(index), ledger.SegmentLength(index)) : places.TryClaim(index);
            if (word.CanRun && hasBytes && ring is null && others.RingIds.Contains(ledger.RingId(index)))
            {
                continue; // an earlier incarnation left it to the one that reads that ring now
            }

            bool isInterrupted = word.State == LedgerState.Started && (word.Flags & (LedgerFlags.Redeliver | LedgerFlags.Request)) == LedgerFlags.Redeliver;
            if ((word.CanRun || isInterrupted) && hasBytes && ring is { Broken: null })
            {
                if (isInterrupted)
                {
                    Volatile.Write(ref ledger.Word(index), (word with { State = LedgerState.Interrupted }).ToWord());
                }

                if (ledger.IsInSegment(index))
                {
                    inSegments.Add((ring.RingId, ledger.Segment(index)));
                }

                waiting[ring.RingId] = waiting.TryGetValue(ring.RingId, out ulong first) ? Math.Min(first, position) : position;
            }
            else
            {
                // It had started, and is not to be run again; or it waits, and its ring is gone or its bytes are nowhere, or where another one has its own, so that nobody will run it. Whoever it says owns it: no living one does.
                bool isRequest = (word.Flags & LedgerFlags.Request) != 0;
                findings.AddEnded(ring, isRequest, ledger.Correlation(index), ledger.Action(index), areUnreadable: word.CanRun || isInterrupted);
                Volatile.Write(ref ledger.Word(index), 0);
            }

            // Killed between the entry's store and done's: the ledger has the frame, so nobody may find it in the ring again.
            if (ring is { Broken: null }
                && position % RingLayout.RecordAlignment == 0
                && position > ring.Memory.Done
                && position <= Volatile.Read(ref ring.Memory.Head))
            {
                Volatile.Write(ref ring.Memory.Done, position);
                if (ring.Memory.Started > position)
                {
                    Volatile.Write(ref ring.Memory.Started, position); // the reader's page is garbage: nothing can have started behind it
                }
            }
        }
    }

    /// <returns>Whether a frame of it was put into the ledger.</returns>
    private static bool SettleRing(
        RingSegment ring,
        LedgerSalvage? salvage,
        HashSet<(long RingId, uint Segment)> inSegments,
        PostMortemFindings findings)
    {
        RingMemory memory = ring.Memory;
        ulong done = memory.Done;
        ulong started = memory.Started;
        bool inPieces = memory.Assembly == RingReader.AssemblyRunning;
        if (started > done && started <= Volatile.Read(ref memory.Head) && started - done <= (ulong)memory.Capacity)
        {
            // One frame was between decoding and its end. The bytes of one in pieces are no longer all there.
            ReadOnlySpan<byte> record = default;
            RecordKind kind = inPieces ? RecordKind.None : FindFrame(memory, done, started, out record);
            FrameHeader header = inPieces ? AssemblyHeader(memory) : HeaderOf(kind, record);
            findings.AddRunning(header.ActionHash);
            FrameReference reference = kind == RecordKind.Segment && record.Length == FrameSegmentLayout.ReferenceSize ? FrameReference.Read(record) : default;
            bool isKept = header.Kind == FrameKind.OneWay && memory.Redeliver == started && salvage is not null
                && (kind == RecordKind.Segment ? salvage.TryRefer(ring, started, header, reference) : salvage.TryKeep(ring, started, header, record));
            if (isKept && kind == RecordKind.Segment)
            {
                inSegments.Add((ring.RingId, reference.Segment));
            }
            else if (!isKept)
            {
                findings.AddEnded(ring, header.Kind == FrameKind.Request, header.Correlation, header.ActionHash);
            }

            Volatile.Write(ref memory.Done, started);
            memory.Assembly = RingReader.AssemblyNone;
            return isKept;
        }

        if (inPieces)
        {
            bool isSettled = memory.AssemblySettled == done;
            if (!isSettled)
            {
                FrameHeader header = AssemblyHeader(memory);
                findings.AddEnded(ring, header.Kind == FrameKind.Request, header.Correlation, header.ActionHash);
            }

            memory.Assembly = isSettled ? RingReader.AssemblyNone : RingReader.AssemblyReported;
        }

        return false;
    }

    private static FrameHeader AssemblyHeader(RingMemory memory) =>
        new((FrameKind)memory.AssemblyKind, FrameFlags.None, memory.AssemblyAction, memory.AssemblyCorrelation, 0);

    /// <summary>The header of a frame, or of the one that a record refers to; what is not a frame counts as a message of no action.</summary>
    private static FrameHeader HeaderOf(RecordKind kind, ReadOnlySpan<byte> record) => kind switch
    {
        RecordKind.Frame when FrameHeader.TryRead(record, out FrameHeader frame, out _) => frame,
        RecordKind.Segment when record.Length == FrameSegmentLayout.ReferenceSize
            && RingReader.TryReadHeader(record[FrameSegmentLayout.ReferenceHeaderOffset..], int.MaxValue, out FrameHeader frame) => frame,
        _ => default,
    };

    /// <summary>The first frame between two positions, or what refers to it; padding may come before it. Written by a process that may have written anything; nothing when there is none.</summary>
    private static RecordKind FindFrame(RingMemory memory, ulong from, ulong to, out ReadOnlySpan<byte> bytes)
    {
        if (to - from > (ulong)memory.Capacity)
        {
            to = from; // no writer publishes that much: it would be read round and round
        }

        while (from < to && from % RingLayout.RecordAlignment == 0)
        {
            uint offset = (uint)from & (uint)(memory.Capacity - 1);
            ulong header = Volatile.Read(ref *(ulong*)(memory.Data + offset));
            long size = RingLayout.RecordSize((uint)header);
            if (offset + size > memory.Capacity)
            {
                break;
            }

            var kind = (RecordKind)(ushort)(header >> 32);
            if (kind is RecordKind.Frame or RecordKind.Segment)
            {
                bytes = new ReadOnlySpan<byte>(memory.Data + offset + RingLayout.RecordHeaderSize, (int)(uint)header);
                return kind;
            }

            from += (ulong)size;
        }

        bytes = default;
        return RecordKind.None;
    }
}
