namespace Ipc;

/// <summary>How the calls of a proxy are made.</summary>
public sealed class IpcProxyOptions
{
    /// <summary>
    /// How long a call waits for its answer, waiting for the start of the cluster and for room in a full inbox included; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> waits for
    /// ever. When it has passed the call fails with <see cref="IpcError.Timeout"/>, and the method's token is signalled in the other process. Default
    /// <see langword="null"/>: <c>Ipc:RequestTimeout</c>, 30 seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is neither positive nor infinite.</exception>
    public TimeSpan? Timeout
    {
        get;
        set
        {
            if (value is { } time && time != System.Threading.Timeout.InfiniteTimeSpan)
            {
                ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero, nameof(value));
            }

            field = value;
        }
    }
}
