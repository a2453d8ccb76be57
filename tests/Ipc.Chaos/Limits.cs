namespace Ipc.Chaos;

/// <summary>The times that the cluster is told to keep.</summary>
internal static class Limits
{
    public static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(40);

    /// <summary>How long the cluster may take to start, and a call that comes before waits for that.</summary>
    public static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>What a machine with more work than cores may add to a time.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(3);

    /// <summary>How long a worker is stopped at most.</summary>
    public static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(7);
}
