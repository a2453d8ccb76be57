namespace Ipc;

/// <summary>How a worker was found to hang. The numbers are part of the wire.</summary>
public enum HangCause
{
    /// <summary>A listener has not returned to its caller: it loops, or blocks its thread. One that awaits has returned.</summary>
    ListenerBlocked = 1,

    /// <summary>Work items wait for the thread pool, and none has ended: all of its threads are blocked or busy.</summary>
    ThreadPoolStarved = 2,

    /// <summary>The process does not answer at all.</summary>
    NotAnswering = 3,
}
