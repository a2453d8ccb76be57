namespace Ipc;

/// <summary>What can be said about one request. Immutable; share instances freely.</summary>
public sealed record RequestOptions : SendOptions
{
    /// <summary>
    /// How long to wait for the answer, counted from the call, so that waiting for the start of the cluster (at most <c>Ipc:StartTimeout</c>) and for room in a full inbox is included;
    /// <see cref="Timeout.InfiniteTimeSpan"/> waits for ever. When it has passed the listener is told, and its token is signalled.
    /// Default: <c>Ipc:RequestTimeout</c>, 30 seconds.
    /// </summary>
    public TimeSpan? Timeout { get; init; }
}
