namespace Ipc.Transports.Lanes;

/// <summary>What a peer tells the broker about its lanes. Any thread.</summary>
internal interface ILaneRequests
{
    /// <summary>Asks for a lane; answered by <see cref="ILaneEnds.OnOpened"/> or <see cref="ILaneEnds.OnRefused"/>.</summary>
    void Open(uint requestId, PeerId remote, LaneKind kind);

    /// <summary>This peer, the reader, drops a lane.</summary>
    void Fault(long laneId, string reason);

    /// <summary>A lane that this peer reads has come to its end.</summary>
    void Ended(long laneId);

    /// <summary>A pipe of this peer has ended, and so many of its frames were lost with their reader, perhaps none. Said once of each that the broker has ended.</summary>
    void Lost(PeerId worker, long count, string reason);

    /// <summary>Asks for memory for a large frame of a lane that this peer writes; answered by <see cref="ILaneEnds.OnSegment"/> or <see cref="ILaneEnds.OnSegmentRefused"/>.</summary>
    void WantSegment(long laneId, int length);

    /// <summary>A segment of a lane that this peer writes is used no more.</summary>
    void ReturnSegment(long laneId, uint id);
}
