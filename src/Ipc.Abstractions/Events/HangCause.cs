namespace Ipc;

/// <summary>How a worker was found to hang. The numbers are part of the wire.</summary>
public enum HangCause
{
    /// <summary>A listener has come neither to an await nor to its end: it loops, or blocks its thread, before its first await or behind one.</summary>
    ListenerBlocked = 1,

    /// <summary>Work items wait for the thread pool, and none has ended: all of its threads are blocked or busy.</summary>
    ThreadPoolStarved = 2,

    /// <summary>The process does not answer at all.</summary>
    NotAnswering = 3,
}
