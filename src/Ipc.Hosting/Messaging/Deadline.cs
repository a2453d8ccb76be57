namespace Ipc.Messaging;

/// <summary>The deadline of a request as frames carry it: microseconds since 1970-01-01 UTC.</summary>
internal static class Deadline
{
    /// <summary>The deadline that is <paramref name="timeout"/> from now.</summary>
    public static long After(TimeSpan timeout) => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks + timeout.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Whether a deadline has passed; 0 never does.</summary>
    public static bool HasPassed(long deadline) => deadline != 0 && After(TimeSpan.Zero) > deadline;
}
