namespace Ipc.Transports.Rings;

/// <summary>Places between two stores where a kill, or another process's step, is worth a test.</summary>
internal enum KillPoint
{
    /// <summary><c>redeliver</c> is stored; <c>started</c> is not.</summary>
    RedeliverStored,

    /// <summary><c>started</c> is stored; decoding has not begun.</summary>
    Started,

    /// <summary>The listener has returned; <c>done</c> is not stored.</summary>
    BeforeDone,

    /// <summary>The frame is copied to the arena; its entry is not.</summary>
    CopiedToArena,

    /// <summary>The entry is stored; <c>done</c> is not.</summary>
    EntryStored,

    /// <summary>Taken: <c>done</c> is stored.</summary>
    Taken,

    /// <summary>A waiting frame's entry says started.</summary>
    PendingStarted,

    /// <summary>A piece of a frame has been read, not the last.</summary>
    PieceRead,

    /// <summary>The reader is about to say that the standby is rung for arrivals while it is inside a listener's code.</summary>
    ArmingStandby,

    /// <summary>The reading was taken over; nothing of the running frame is settled, and its thread may go on.</summary>
    TakingOver,

    /// <summary>The reading was taken over; the running frame has no entry yet.</summary>
    Relieving,

    /// <summary>The reader has looked whether the ring is closed, or how far it is filled, and not yet at the other.</summary>
    LookedForMore,

    /// <summary>The reader has found nothing and is about to say that it sleeps.</summary>
    LyingDown,

    /// <summary>A large frame is in its segment; the record that refers to it is not published.</summary>
    SegmentFilled,

    /// <summary>A large frame is finished; its segment is not given back.</summary>
    BeforeSegmentFreed,

    /// <summary>A sender has found no room and is about to say that it waits.</summary>
    WaitingForRoom,

    /// <summary>A sender has written a record; <c>head</c> has not moved.</summary>
    RecordWritten,

    /// <summary>A sender has published; it has not looked whether the reader is to be woken.</summary>
    HeadMoved,

    /// <summary>A sender has written padding up to the end of the ring, and nothing behind it.</summary>
    PaddingWritten,

    /// <summary>A sender has published a piece of a frame, not the last.</summary>
    PieceWritten,
}
