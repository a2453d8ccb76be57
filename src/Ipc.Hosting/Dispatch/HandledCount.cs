namespace Ipc.Dispatch;

/// <summary>Counts the messages that a worker has handled until they are enough. Safe for use by several threads.</summary>
/// <param name="limit">How many that is, from 1.</param>
/// <param name="reached">Called once, on the thread of the last one; short.</param>
internal sealed class HandledCount(long limit, Action<long> reached)
{
    private long _count;

    /// <summary>The limit of a group's options, with its jitter; nothing when there is none.</summary>
    public static long? LimitOf(IpcRecycleOptions options, Random random) =>
        options.AfterMessages is { } limit ? (long)Math.Min(limit * (1 + (options.Jitter * random.NextDouble())), long.MaxValue) : null;

    /// <summary>A message was handled.</summary>
    public void Add()
    {
        if (Interlocked.Increment(ref _count) == limit)
        {
            reached(limit);
        }
    }
}
