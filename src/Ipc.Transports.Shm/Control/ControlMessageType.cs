namespace Ipc.Transports.Control;

/// <summary>What a control message says. The numbers are part of the wire format.</summary>
internal enum ControlMessageType : byte
{
    /// <summary>Not a message.</summary>
    None = 0,

    /// <summary>Worker: who I am, my secret, what I listen to.</summary>
    Hello = 1,

    /// <summary>Supervisor: admitted; with the worker's doorbell and ledger where there is shared memory.</summary>
    Welcome = 2,

    /// <summary>Supervisor: not admitted, and why; the connection ends.</summary>
    Refused = 3,

    /// <summary>Worker: ready for messages.</summary>
    Ready = 4,

    /// <summary>Supervisor: everybody, now.</summary>
    Directory = 5,

    /// <summary>Worker: open a lane to a peer.</summary>
    OpenLane = 6,

    /// <summary>Supervisor: the writing end of a lane, with its descriptors.</summary>
    LaneOpened = 7,

    /// <summary>Supervisor: no such lane, and why.</summary>
    LaneRefused = 8,

    /// <summary>Supervisor: the reading end of a lane, with its descriptors.</summary>
    InboundLane = 9,

    /// <summary>A reader drops a lane (to the supervisor), or it was dropped by its reader (to the writer).</summary>
    LaneFaulted = 10,

    /// <summary>Supervisor: the reader of a lane of yours has ended; with its successor's doorbell when the ring goes on.</summary>
    ReaderGone = 11,

    /// <summary>Worker: a lane that it reads has come to its end.</summary>
    LaneEnded = 12,

    /// <summary>Worker: frames of mine were lost with their reader.</summary>
    MessagesLost = 13,

    /// <summary>Supervisor: finish; once more when the inbox, which takes nothing more, has been read to its end.</summary>
    Stop = 14,

    /// <summary>Supervisor: requests of yours were running in a process that has ended.</summary>
    Interrupted = 15,

    /// <summary>Worker: memory for a large frame of a lane that it writes.</summary>
    WantSegment = 16,

    /// <summary>Supervisor: memory for large frames of a lane, with its descriptor; to the reader first.</summary>
    Segment = 17,

    /// <summary>Supervisor: no such memory; the frame goes in pieces.</summary>
    SegmentRefused = 18,

    /// <summary>A writer uses a segment no more (to the supervisor), or it was returned by its writer (to the reader).</summary>
    SegmentReturned = 19,

    /// <summary>Supervisor: the reader of a pipe of yours makes place for its successor.</summary>
    ReaderLeaving = 20,

    /// <summary>Supervisor: admitted, but the worker id is not free yet; Welcome follows when it is.</summary>
    Hold = 21,

    /// <summary>Worker that is held: it cannot go on without its worker id, for it wants to send.</summary>
    WantsId = 22,

    /// <summary>Supervisor: do you come forward?</summary>
    Ping = 23,

    /// <summary>Worker: the answer to it.</summary>
    Pulse = 24,

    /// <summary>Worker: I have handled as many messages as I was to.</summary>
    HandledEnough = 25,

    /// <summary>Worker: my run-time subscriptions, in place of those before.</summary>
    Subscriptions = 26,

    /// <summary>Supervisor: everybody knows them, or they are too many and nothing has changed.</summary>
    SubscriptionsKnown = 27,

    /// <summary>Worker: I have the directory that asked for this answer, or a newer one.</summary>
    DirectoryKnown = 28,
}
