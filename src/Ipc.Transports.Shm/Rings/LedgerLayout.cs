namespace Ipc.Transports.Rings;

/// <summary>Where everything is in a worker id's ledger. Little endian.</summary>
/// <remarks>
/// Two halves, used in turn by even and odd incarnations: at a reload, when an incarnation and its successor live at the same time, neither hands out the other's
/// entries. What the predecessor left waiting is run from its half and freed there.
/// <code>
/// page 0, written by the supervisor
///   0  magic u32    4  version u16    8  entries in a half u32    12  arena bytes of a half u32
/// page 1..   entries of half 0, then of half 1, 64 bytes each
///   0  word u64: state (4 bits) | flags (4) | deliveries (24) | owner incarnation (32); the last store of every change
///   8  ring id i64    16  position u64 (behind the frame)    24  correlation i64    32  action hash u64    40  place in the half's arena i32    44  bytes i32
///   48 segment u32 (0: none; else place and bytes are 0)    52  length of the frame in it u32    56  number of its use u64
/// then       arena of half 0, arena of half 1: frames that wait
/// </code>
/// </remarks>
internal static class LedgerLayout
{
    public const uint Magic = 0x4C435049; // "IPCL"
    public const ushort Version = 1;
    public const int MagicOffset = 0;
    public const int VersionOffset = 4;
    public const int EntriesOffset = 8;
    public const int ArenaOffset = 12;

    /// <summary>Frames that wait or run in one incarnation, at most.</summary>
    public const int Entries = 1024;

    /// <summary>Bytes of waiting frames in one incarnation, at most.</summary>
    public const int ArenaBytes = 1 << 20;

    /// <summary>Largest frame that waits in the arena; a larger one waits in its segment, or, where it has none, in its process, and is lost by a crash: reported, and a request's asker is told.</summary>
    public const int LargestFrame = ArenaBytes / 4;

    /// <summary>How many entries one sender may have.</summary>
    public const int Quota = Entries / 2;

    /// <summary>How much of the arena one sender may have.</summary>
    public const int QuotaBytes = ArenaBytes / 2;

    public const int EntrySize = 64;
    public const int WordOffset = 0;
    public const int RingIdOffset = 8;
    public const int PositionOffset = 16;
    public const int CorrelationOffset = 24;
    public const int ActionOffset = 32;
    public const int PlaceOffset = 40;
    public const int LengthOffset = 44;
    public const int SegmentOffset = 48;
    public const int SegmentLengthOffset = 52;
    public const int SegmentUseOffset = 56;

    /// <summary>Size of the segment.</summary>
    public static readonly int SegmentLength = Environment.SystemPageSize + (2 * Entries * EntrySize) + (2 * ArenaBytes);

    /// <summary>Where an entry is.</summary>
    public static int Entry(int index) => Environment.SystemPageSize + (index * EntrySize);

    /// <summary>Where a half's arena begins.</summary>
    public static int Arena(int half) => Environment.SystemPageSize + (2 * Entries * EntrySize) + (half * ArenaBytes);
}
