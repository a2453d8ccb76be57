namespace Ipc.Transports.Rings;

/// <summary>Where everything is in a ring's segment. One page per owner, what different threads touch 128 bytes apart. Little endian.</summary>
/// <remarks>
/// <code>
/// page 0, written by the supervisor
///   0    magic u32        4    version u16      6    lane kind u8     7    group name length u8 (sender)
///   8    ring id u64      16   capacity u32     20   max message u32
///   24   sender kind u8   28   sender worker id i32   32   sender incarnation i32   36  receiver kind u8  40  receiver worker id i32
///   44   receiver incarnation i32 (0: an inbox)       48   group name length u8 (receiver)
///   64   sender group, UTF-8                          320  receiver group, UTF-8
///   640  state u32  (OPEN 0, CLOSING 1, CLOSED 2)     648  finalHead u64
///   656  segments u32    how many segments for large frames were given out; their numbers are 1 to this
/// page 1, written by the writer's process
///   0    head u64      everything before it is published; the writer's only truth
///   128  parked u64    not 0: a sender waits for room; another number each time
/// page 2, written by the reader's process
///   0    tail u64      everything before it may be overwritten; follows done in batches
///   128  started u64   136  done u64   144  redeliver u64   read by nobody until the reader has died
///   256  assembly u32  (1: a frame in pieces is half read)   260  frame kind u8   264  action hash u64   272  correlation i64
///   280  settled u64   while done is here nothing of that frame is half read: its first piece has not been passed, or its last one has
/// page 3.. data, written by the writer's process, mapped read-only by everybody else
///   position p is at offset p mod capacity; head, tail, started and done are positions and only grow
/// </code>
/// A record, 8-byte aligned, never across the end of the ring:
/// <code>
///  0                 4        6        8
///  +-----------------+--------+--------+---------------------- - - +
///  |  length u32     |kind u16|flags   |  length bytes, then 0..7  |
///  +-----------------+--------+--------+---------------------- - - +
/// </code>
/// </remarks>
internal static class RingLayout
{
    public const uint Magic = 0x52435049; // "IPCR"
    public const ushort Version = 1;

    // Page 0.
    public const int MagicOffset = 0;
    public const int VersionOffset = 4;
    public const int KindOffset = 6;
    public const int SenderGroupLengthOffset = 7;
    public const int RingIdOffset = 8;
    public const int CapacityOffset = 16;
    public const int MaxMessageOffset = 20;
    public const int SenderOffset = 24;
    public const int ReceiverOffset = 36;
    public const int ReceiverGroupLengthOffset = 48;
    public const int SenderGroupOffset = 64;
    public const int ReceiverGroupOffset = 320;
    public const int StateOffset = 640;
    public const int FinalHeadOffset = 648;
    public const int SegmentsOffset = 656;
    public const int MaxGroupBytes = 255;

    // Page 1.
    public const int HeadOffset = 0;
    public const int WriterParkedOffset = 128;

    // Page 2.
    public const int TailOffset = 0;
    public const int StartedOffset = 128;
    public const int DoneOffset = 136;
    public const int RedeliverOffset = 144;
    public const int AssemblyOffset = 256;
    public const int AssemblyKindOffset = 260;
    public const int AssemblyActionOffset = 264;
    public const int AssemblyCorrelationOffset = 272;
    public const int AssemblySettledOffset = 280;

    // Records.
    public const int RecordHeaderSize = 8;
    public const int RecordAlignment = 8;
    public const int MinCapacity = 4096;

    /// <summary>First bytes of a frame in pieces: its whole length u32, then 4 bytes of 0.</summary>
    public const int AssemblyPrefixSize = 8;

    /// <summary>One page; protection can't be finer.</summary>
    public static readonly int PageSize = Environment.SystemPageSize;

    /// <summary>Where the data begins.</summary>
    public static readonly int DataOffset = 3 * Environment.SystemPageSize;

    /// <summary>Size of the segment for a ring.</summary>
    public static int SegmentLength(int capacity) => DataOffset + Math.Max(capacity, PageSize);

    /// <summary>Largest record, header included, that always fits an empty ring, wherever its positions stand.</summary>
    public static int MaxRecord(int capacity) => capacity / 2;

    /// <summary>What a record with so many bytes takes.</summary>
    public static long RecordSize(long length) => (RecordHeaderSize + length + (RecordAlignment - 1)) & -RecordAlignment;

    /// <summary>A record's header as one little-endian number, stored and loaded at once.</summary>
    public static ulong RecordHeader(int length, RecordKind kind, RecordFlags flags) =>
        (uint)length | ((ulong)kind << 32) | ((ulong)flags << 48);
}
