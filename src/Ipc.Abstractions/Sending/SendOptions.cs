namespace Ipc;

/// <summary>What can be said about one send. Immutable; share instances freely.</summary>
public record SendOptions
{
    /// <summary>Text values that travel with the message, at most 64 KiB in all. Default none.</summary>
    public MessageHeaders? Headers { get; init; }

    /// <summary>
    /// How long a send may wait for room in a full inbox, and at most for the start of the cluster (<c>Ipc:StartTimeout</c>, when that is shorter).
    /// <see cref="TimeSpan.Zero"/> fails at once, <see cref="Timeout.InfiniteTimeSpan"/>, and more than 24 days, wait for ever; other negative times are refused. A lane
    /// that is not open yet may take up to a second even then.
    /// Default: <c>Ipc:SendTimeout</c>, 30 seconds.
    /// </summary>
    public TimeSpan? SendTimeout { get; init; }
}
