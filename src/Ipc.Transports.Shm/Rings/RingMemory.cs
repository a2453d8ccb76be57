using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <summary>One process's mapping of a ring, by role: the pages of the other owners are read-only here.</summary>
internal sealed unsafe class RingMemory : IDisposable
{
    private readonly MappedMemory _mapping;
    private readonly byte* _base;

    private RingMemory(MappedMemory mapping, long ringId, int capacity, int maxMessageSize)
    {
        _mapping = mapping;
        _base = mapping.Address;
        RingId = ringId;
        Capacity = capacity;
        MaxMessageSize = maxMessageSize;
        Data = _base + RingLayout.DataOffset;
    }

    /// <summary>Bytes of data, a power of two. A local copy: checked once.</summary>
    public int Capacity { get; }

    /// <summary>Largest frame. A local copy.</summary>
    public int MaxMessageSize { get; }

    /// <summary>The first byte of the data.</summary>
    public byte* Data { get; }

    /// <summary>The number by which ledger and broker know the ring. A local copy: whoever holds the ring can write its first page.</summary>
    public long RingId { get; }

    public ref ulong Head => ref Word(RingLayout.PageSize + RingLayout.HeadOffset);

    public ref ulong WriterParked => ref Word(RingLayout.PageSize + RingLayout.WriterParkedOffset);

    public ref ulong Tail => ref Word((2 * RingLayout.PageSize) + RingLayout.TailOffset);

    public ref ulong Started => ref Word((2 * RingLayout.PageSize) + RingLayout.StartedOffset);

    public ref ulong Done => ref Word((2 * RingLayout.PageSize) + RingLayout.DoneOffset);

    /// <summary>Behind the last frame whose listener started inline and asks to be run again by a successor.</summary>
    public ref ulong Redeliver => ref Word((2 * RingLayout.PageSize) + RingLayout.RedeliverOffset);

    /// <summary>Whether the reader's cursors are at records: what is not may not be read at, the ring's end would cut it.</summary>
    public bool CursorsAreAligned => (Volatile.Read(ref Tail) | Volatile.Read(ref Started) | Volatile.Read(ref Done)) % RingLayout.RecordAlignment == 0;

    public ref uint State => ref *(uint*)(_base + RingLayout.StateOffset);

    public ref ulong FinalHead => ref Word(RingLayout.FinalHeadOffset);

    /// <summary>The highest number of a segment that was given out; written before anybody is told.</summary>
    public ref uint Segments => ref *(uint*)(_base + RingLayout.SegmentsOffset);

    public ref uint Assembly => ref *(uint*)(ReaderPage + RingLayout.AssemblyOffset);

    public ref byte AssemblyKind => ref *(ReaderPage + RingLayout.AssemblyKindOffset);

    public ref ulong AssemblyAction => ref Word((2 * RingLayout.PageSize) + RingLayout.AssemblyActionOffset);

    public ref long AssemblyCorrelation => ref *(long*)(ReaderPage + RingLayout.AssemblyCorrelationOffset);

    /// <summary>While <c>done</c> is here nothing of the frame in pieces is half read: a successor finds all of it, or it was accounted for.</summary>
    public ref ulong AssemblySettled => ref Word((2 * RingLayout.PageSize) + RingLayout.AssemblySettledOffset);

    private byte* ReaderPage => _base + (2 * RingLayout.PageSize);

    /// <summary>Maps a ring and checks what its first page says.</summary>
    /// <param name="segment">The segment; may be disposed afterwards.</param>
    /// <param name="role">What this process does with the ring.</param>
    /// <param name="expected">The ring's number, when the supervisor has said which one it hands over: another one would be somebody else's, in the ledger and in messages to the supervisor.</param>
    /// <exception cref="SharedMemoryException">It is not a ring of this version, or could not be mapped.</exception>
    public static RingMemory Map(SharedSegment segment, RingRole role, long? expected = null)
    {
        int page = RingLayout.PageSize;
        if (segment.Length < RingLayout.SegmentLength(RingLayout.MinCapacity))
        {
            throw NotARing();
        }

        MappedMemory mapping = role switch
        {
            RingRole.Writer => MappedMemory.Map(segment, page..(2 * page), RingLayout.DataOffset..segment.Length),
            RingRole.Reader => MappedMemory.Map(segment, (2 * page)..(3 * page)),
            _ => MappedMemory.Map(segment, 0..page, (2 * page)..(3 * page)),
        };

        byte* first = mapping.Address;
        long ringId = *(long*)(first + RingLayout.RingIdOffset);
        int capacity = *(int*)(first + RingLayout.CapacityOffset);
        int maxMessage = *(int*)(first + RingLayout.MaxMessageOffset);
        if (*(uint*)(first + RingLayout.MagicOffset) != RingLayout.Magic
            || *(ushort*)(first + RingLayout.VersionOffset) != RingLayout.Version
            || capacity < RingLayout.MinCapacity
            || !int.IsPow2(capacity)
            || segment.Length != RingLayout.SegmentLength(capacity)
            || maxMessage <= 0
            || ringId != (expected ?? ringId))
        {
            mapping.Dispose();
            throw NotARing();
        }

        return new RingMemory(mapping, ringId, capacity, maxMessage);
    }

    /// <summary>Keeps the mapping for one more user, also when this object is disposed meanwhile.</summary>
    public void AddUser()
    {
        bool added = false;
        _mapping.DangerousAddRef(ref added);
    }

    /// <summary>Ends an <see cref="AddUser"/>.</summary>
    public void RemoveUser() => _mapping.DangerousRelease();

    /// <summary>Unmaps it, or leaves that to its last user; the owner makes sure that nobody else is inside.</summary>
    public void Dispose() => _mapping.Dispose();

    private static SharedMemoryException NotARing() =>
        new(SharedMemoryFailure.NotAsAgreed, $"A received memory segment is not the expected ring of layout version {RingLayout.Version}; it is not used.");

    private ref ulong Word(int offset) => ref *(ulong*)(_base + offset);
}
