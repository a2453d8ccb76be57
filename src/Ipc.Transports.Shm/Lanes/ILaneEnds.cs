using Ipc.Transports.Interop;

namespace Ipc.Transports.Lanes;

/// <summary>What the broker tells a peer about its lanes: directly in its own process, else as control messages. Called on the control thread; descriptors change owner.</summary>
internal interface ILaneEnds
{
    /// <summary>Whether it does not receive what it is told: nothing is begun for it that somebody else could ask for again and again.</summary>
    bool IsBehind { get; }

    /// <summary>The writing end of a lane that was asked for.</summary>
    void OnOpened(uint requestId, LaneDescription lane, FileDescriptor[] descriptors);

    /// <summary>The lane that was asked for cannot be.</summary>
    void OnRefused(uint requestId, IpcError reason, string message);

    /// <summary>The reading end of a lane that somebody else opened.</summary>
    void OnInbound(LaneDescription lane, FileDescriptor[] descriptors);

    /// <summary>The reader of a lane has dropped it.</summary>
    void OnFaulted(long laneId, string reason);

    /// <summary>The reader of a pipe makes place for its successor: what is not committed yet is for that one, over another lane.</summary>
    void OnReaderLeaving(long laneId);

    /// <summary>The reader of a lane has ended.</summary>
    /// <param name="laneId">The lane.</param>
    /// <param name="reader">Who has ended.</param>
    /// <param name="takenPosition">How far it had taken a ring; a pipe's writer knows better.</param>
    /// <param name="inboxKept">Whether its worker id lives on.</param>
    /// <param name="descriptors">The successor's doorbell when a ring goes on; else nothing.</param>
    void OnReaderGone(long laneId, PeerId reader, long takenPosition, bool inboxKept, FileDescriptor[] descriptors);

    /// <summary>Memory for large frames of a lane.</summary>
    /// <param name="laneId">The lane.</param>
    /// <param name="writes">Whether this peer writes it; one that sends to itself gets both ends.</param>
    /// <param name="id">The lane's number for it.</param>
    /// <param name="length">Its size.</param>
    /// <param name="descriptors">One.</param>
    void OnSegment(long laneId, bool writes, uint id, int length, FileDescriptor[] descriptors);

    /// <summary>There is no memory for a large frame of a lane.</summary>
    void OnSegmentRefused(long laneId);

    /// <summary>The writer of a lane uses a segment no more.</summary>
    void OnSegmentReturned(long laneId, uint id);

    /// <summary>Requests were running in a process that has ended.</summary>
    void OnInterrupted(PeerId reader, IReadOnlyList<long> correlations);
}
