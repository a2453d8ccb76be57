namespace Ipc.Messaging;

/// <summary>The deadline of a request as frames carry it: microseconds since 1970-01-01 UTC.</summary>
internal static class Deadline
{
    /// <summary>The longest time that is not "for ever".</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    private const long RefreshMilliseconds = 100;

    private static long s_offset; // microseconds from the tick count to the clock
    private static long s_offsetTakenAt = long.MinValue / 2;

    /// <summary>The deadline at a time of <see cref="Environment.TickCount64"/>. A clock that is set anew is followed after a tenth of a second: asking it costs more than all else here.</summary>
    public static long At(long tick)
    {
        long now = Environment.TickCount64;
        if (now - Volatile.Read(ref s_offsetTakenAt) >= RefreshMilliseconds)
        {
            Volatile.Write(ref s_offset, After(TimeSpan.Zero) - (now * 1000));
            Volatile.Write(ref s_offsetTakenAt, now); // last: who sees it sees this offset, or a later one
        }

        return Volatile.Read(ref s_offset) + (tick * 1000);
    }

    /// <summary>The deadline that is <paramref name="timeout"/>, at most <see cref="Longest"/>, from now.</summary>
    public static long After(TimeSpan timeout) => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks + timeout.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>A timeout of a call as it is meant: more than <see cref="Longest"/> is for ever.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is zero or negative.</exception>
    public static TimeSpan Normalise(TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan || timeout > Longest)
        {
            return Timeout.InfiniteTimeSpan;
        }

        return timeout > TimeSpan.Zero
            ? timeout
            : throw new ArgumentOutOfRangeException(
                nameof(timeout), timeout, "RequestOptions.Timeout must be more than zero, or Timeout.InfiniteTimeSpan to wait for ever.");
    }

    /// <summary>How long a send may wait for room; more than <see cref="Longest"/> is for ever.</summary>
    /// <param name="call">The call's own options.</param>
    /// <param name="options">The cluster's.</param>
    /// <exception cref="ArgumentOutOfRangeException">The call's own time is negative.</exception>
    public static TimeSpan SendTimeoutOf(SendOptions? call, IpcPeerOptions options)
    {
        if (call?.SendTimeout is not { } own)
        {
            return options.SendTimeout;
        }

        return own >= TimeSpan.Zero && own <= Longest ? own
            : own == Timeout.InfiniteTimeSpan || own > Longest ? Timeout.InfiniteTimeSpan
            : throw new ArgumentOutOfRangeException(
                nameof(call), own, "SendOptions.SendTimeout must be zero or more, or Timeout.InfiniteTimeSpan to wait for ever.");
    }

    /// <summary>Whether a deadline has passed; 0 never does. As exact as <see cref="At"/>.</summary>
    public static bool HasPassed(long deadline) => deadline != 0 && At(Environment.TickCount64) > deadline;
}
