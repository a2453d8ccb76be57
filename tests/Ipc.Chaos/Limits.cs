namespace Ipc.Chaos;

/// <summary>The times that the cluster is told to keep.</summary>
internal static class Limits
{
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromMinutes(3); // longer than a worker is tormented: what is only queued is answered, however slow the machine

    /// <summary>How long the cluster may take to start, and a call that comes before waits for that.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(3);

    /// <summary>How long a worker is stopped at most.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(7);
}
