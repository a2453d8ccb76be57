using System.Numerics;

namespace Ipc.Transports.Rings;

/// <summary>Where everything is in the segment of a large frame, and in the record that refers to it. Little endian.</summary>
/// <remarks>
/// <code>
/// page 0, written by the reader's process
///   0   freed u64   the last use that the reader has ended
///   8   taken u64   the use that it has begun; for a post-mortem only
/// page 1..  the frame, written by the writer's process
/// </code>
/// The record in the ring, of kind <see cref="RecordKind.Segment"/>:
/// <code>
///   0   segment u32   4   length of the frame u32   8   use u64, from 1   16  the frame's first 32 bytes, for a post-mortem
/// </code>
/// </remarks>
internal static class FrameSegmentLayout
{
    public const int FreedOffset = 0;
    public const int TakenOffset = 8;

    /// <summary>Segments of one lane, at most.</summary>
    public const int MaxCount = 16;

    /// <summary>Their bytes, at most; beyond it a lane may have another one while fewer than two are as large: so two for the largest frame, whatever smaller ones it has.</summary>
    public const long MaxBytes = 16 << 20;

    public const int ReferenceIdOffset = 0;
    public const int ReferenceLengthOffset = 4;
    public const int ReferenceUseOffset = 8;
    public const int ReferenceHeaderOffset = 16;
    public const int ReferenceSize = ReferenceHeaderOffset + FrameHeader.Size;

    private const int SmallestClass = 64 << 10;
    private const int LargestClass = 1 << 30;

    /// <summary>Where the frame begins.</summary>
    public static readonly int DataOffset = Environment.SystemPageSize;

    /// <summary>Size of a segment that holds a frame of this length: a power of two and one page, so that a payload of a power of two fits with its headers.</summary>
    public static int SegmentLength(int frameLength) =>
        DataOffset + Environment.SystemPageSize + (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(frameLength - Environment.SystemPageSize, SmallestClass));

    /// <summary>Bytes of a frame that a segment holds.</summary>
    public static int Capacity(int segmentLength) => segmentLength - DataOffset;

    /// <summary>Whether a segment can have this size.</summary>
    public static bool IsLegal(int segmentLength)
    {
        int size = segmentLength - DataOffset - Environment.SystemPageSize;
        return size is >= SmallestClass and <= LargestClass && int.IsPow2(size);
    }

    /// <summary>Which frames of a ring go into segments: those that would be in pieces, or could not wait in the ledger.</summary>
    /// <param name="capacity">The ring's.</param>
    /// <returns>The longest frame that does not.</returns>
    public static int LongestInRing(int capacity) => Math.Min(RingLayout.MaxRecord(capacity) - RingLayout.RecordHeaderSize, LedgerLayout.LargestFrame);
}
