using Ipc.Options;

namespace Ipc.Clients;

/// <summary>The pauses between attempts to connect: each twice as long as the one before, and up to a quarter more by chance, so that not all clients of a cluster come at once.</summary>
/// <param name="longest">The longest, chance aside.</param>
/// <param name="random">The chance.</param>
internal sealed class ReconnectDelay(TimeSpan longest, Random random)
{
    private TimeSpan _next = OptionLimits.MinReconnectDelay;

    /// <summary>The next pause.</summary>
    public TimeSpan Next()
    {
        TimeSpan delay = _next;
        _next = delay + delay < longest ? delay + delay : longest;
        return delay + (delay * (random.NextDouble() / 4));
    }

    /// <summary>It has connected: the next pause is the first again.</summary>
    public void Reset() => _next = OptionLimits.MinReconnectDelay;
}
