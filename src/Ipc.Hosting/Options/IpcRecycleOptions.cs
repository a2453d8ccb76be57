namespace Ipc;

/// <summary>
/// When a sound worker is replaced by a new process, as by a reload: because it has done or grown enough. Nothing is lost by it. One worker of a cluster at a time.
/// </summary>
public sealed class IpcRecycleOptions
{
    /// <summary>After how many messages and requests that it has handled, from 1. Default: never for that.</summary>
    public long? AfterMessages { get; set; }

    /// <summary>After how long as a ready worker. Default: never for that.</summary>
    public TimeSpan? AfterAge { get; set; }

    /// <summary>Above how many bytes of resident memory, shared memory included, as the supervisor reads once a second. Default: never for that.</summary>
    public long? AboveMemory { get; set; }

    /// <summary>By how much more each limit may be, by chance, so that workers that have started together are not replaced one behind the other: 0 to 1. Default 0.1, a tenth.</summary>
    public double Jitter { get; set; } = 0.1;

    /// <summary>How long a worker that is due is waited for until nothing runs in it and nothing waits for it; then it is replaced all the same. What comes over pipes is not seen, and not waited for. Default 1 minute.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether there is any limit.</summary>
    internal bool IsSet => AfterMessages is not null || AfterAge is not null || AboveMemory is not null;
}
