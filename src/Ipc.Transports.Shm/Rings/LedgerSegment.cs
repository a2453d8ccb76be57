using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// What a worker id has taken out of its inbox rings and not finished: one per worker id, made by the supervisor with the id, handed to each incarnation, kept when an
/// incarnation dies. The worker gives it to its <see cref="RingReaderLoop"/>; the supervisor to <see cref="PostMortem.Run"/>.
/// </summary>
internal sealed unsafe class LedgerSegment : IDisposable
{
    private readonly SharedSegment _segment;
    private readonly MappedMemory _mapping;
    private readonly byte* _base;

    private LedgerSegment(SharedSegment segment, MappedMemory mapping, int incarnation)
    {
        _segment = segment;
        _mapping = mapping;
        _base = mapping.Address;
        Incarnation = incarnation;
    }

    /// <summary>How much shared memory a ledger takes, for the cap.</summary>
    public static int RequiredBytes => LedgerLayout.SegmentLength;

    /// <summary>What is handed to the worker.</summary>
    public SafeFileHandle Descriptor => _segment.Descriptor;

    /// <summary>Size of the segment; announced with the descriptor.</summary>
    public int Length => _segment.Length;

    /// <summary>The incarnation that writes entries; 0 in the supervisor.</summary>
    public int Incarnation { get; }

    /// <summary>Entries of both halves.</summary>
    internal static int EntryCount => 2 * LedgerLayout.Entries;

    /// <summary>Makes a ledger. For the supervisor.</summary>
    /// <exception cref="SharedMemoryException">There is no shared memory to be had.</exception>
    public static LedgerSegment Create()
    {
        SharedSegment segment = SharedSegment.Create("ipc-ledger", LedgerLayout.SegmentLength);
        try
        {
            MappedMemory mapping = MappedMemory.Map(segment, 0..segment.Length);
            byte* first = mapping.Address;
            *(uint*)(first + LedgerLayout.MagicOffset) = LedgerLayout.Magic;
            *(ushort*)(first + LedgerLayout.VersionOffset) = LedgerLayout.Version;
            *(int*)(first + LedgerLayout.EntriesOffset) = LedgerLayout.Entries;
            *(int*)(first + LedgerLayout.ArenaOffset) = LedgerLayout.ArenaBytes;
            return new LedgerSegment(segment, mapping, 0);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Opens a ledger that came from the supervisor.</summary>
    /// <param name="descriptor">From now on owned by this object.</param>
    /// <param name="length">The announced size.</param>
    /// <param name="incarnation">This process's incarnation, from 1.</param>
    /// <exception cref="SharedMemoryException">It is not what was agreed.</exception>
    public static LedgerSegment Open(SafeFileHandle descriptor, int length, int incarnation)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(incarnation);
        SharedSegment segment = SharedSegment.Open(descriptor, length);
        try
        {
            if (length != LedgerLayout.SegmentLength)
            {
                throw NotALedger();
            }

            MappedMemory mapping = MappedMemory.Map(segment, RingLayout.PageSize..segment.Length);
            byte* first = mapping.Address;
            if (*(uint*)(first + LedgerLayout.MagicOffset) != LedgerLayout.Magic
                || *(ushort*)(first + LedgerLayout.VersionOffset) != LedgerLayout.Version
                || *(int*)(first + LedgerLayout.EntriesOffset) != LedgerLayout.Entries
                || *(int*)(first + LedgerLayout.ArenaOffset) != LedgerLayout.ArenaBytes)
            {
                mapping.Dispose();
                throw NotALedger();
            }

            return new LedgerSegment(segment, mapping, incarnation);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps and closes it. For the supervisor; in a worker the mapping goes with the last lease.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        _segment.Dispose();
    }

    /// <summary>Closes the descriptor only.</summary>
    internal void CloseDescriptor() => _segment.Dispose();

    internal ref ulong Word(int index) => ref Field<ulong>(index, LedgerLayout.WordOffset);

    internal ref long RingId(int index) => ref Field<long>(index, LedgerLayout.RingIdOffset);

    internal ref ulong Position(int index) => ref Field<ulong>(index, LedgerLayout.PositionOffset);

    internal ref long Correlation(int index) => ref Field<long>(index, LedgerLayout.CorrelationOffset);

    internal ref ulong Action(int index) => ref Field<ulong>(index, LedgerLayout.ActionOffset);

    internal ref int Place(int index) => ref Field<int>(index, LedgerLayout.PlaceOffset);

    internal ref int Bytes(int index) => ref Field<int>(index, LedgerLayout.LengthOffset);

    internal ref uint Segment(int index) => ref Field<uint>(index, LedgerLayout.SegmentOffset);

    internal ref uint SegmentLength(int index) => ref Field<uint>(index, LedgerLayout.SegmentLengthOffset);

    internal ref ulong SegmentUse(int index) => ref Field<ulong>(index, LedgerLayout.SegmentUseOffset);

    /// <summary>The half that an entry belongs to.</summary>
    internal static int HalfOf(int index) => index / LedgerLayout.Entries;

    /// <summary>Whether an entry's bytes can be where it says.</summary>
    internal bool HasLegalPlace(int index) => IsLegalPlace(Place(index), Bytes(index));

    /// <summary>Whether bytes that wait can be there.</summary>
    internal static bool IsLegalPlace(int place, int length) =>
        length > 0 && length <= LedgerLayout.LargestFrame && place >= 0 && place % ArenaAllocator.Alignment == 0 && place <= LedgerLayout.ArenaBytes - length;

    /// <summary>Whether an entry says that its bytes are in a segment; whether they are is for the ring to say.</summary>
    internal bool IsInSegment(int index) => Segment(index) != 0 && Bytes(index) == 0;

    /// <summary>The kept bytes of an entry; empty when they would not lie in its half's arena.</summary>
    internal Span<byte> Kept(int index)
    {
        int place = Place(index);
        int length = Bytes(index);
        return place < 0 || length < 0 || place > LedgerLayout.ArenaBytes - length ? default : Arena(HalfOf(index), place, length);
    }

    /// <summary>A place in a half's arena.</summary>
    internal Span<byte> Arena(int half, int place, int length) => new(_base + LedgerLayout.Arena(half) + place, length);

    private static SharedMemoryException NotALedger() =>
        new(SharedMemoryFailure.NotAsAgreed, $"A received memory segment is not a ledger of layout version {LedgerLayout.Version}; it is not used.");

    private ref T Field<T>(int index, int offset)
        where T : unmanaged => ref *(T*)(_base + LedgerLayout.Entry(index) + offset);
}
