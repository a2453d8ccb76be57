namespace Ipc.Transports;

/// <summary>What a receiver did with a frame.</summary>
public enum FrameDisposition
{
    /// <summary>It is finished, or was taken: the lane goes on.</summary>
    Consumed,

    /// <summary>There is no room for it now: it stays, and the lane stands still until <see cref="InboundLane.Resume"/>.</summary>
    Held,
}
