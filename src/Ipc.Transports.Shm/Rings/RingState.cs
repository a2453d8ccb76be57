namespace Ipc.Transports.Rings;

/// <summary>Whether a ring still takes frames. The numbers are part of the ring's layout.</summary>
internal enum RingState : uint
{
    /// <summary>It does.</summary>
    Open = 0,

    /// <summary>The supervisor is reading the head; wait a moment.</summary>
    Closing = 1,

    /// <summary>Frames up to the final head are in, later ones are not.</summary>
    Closed = 2,
}
