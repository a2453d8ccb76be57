namespace Ipc;

/// <summary>
/// When a worker that has ended is started again: one policy for all causes, a crash, an exit with code 0, a kill, or a start that failed. Each worker id counts for itself.
/// </summary>
public sealed class IpcRestartOptions
{
    /// <summary>
    /// How many times a worker id is started again within <see cref="Window"/>; at its next end in that time it is quarantined: not started any more, what waited for it reported as
    /// lost, sends to it refused. When all are, the host stops with exit code 1. 0 to 10,000. Default 5.
    /// </summary>
    public int Limit { get; set; } = 5;

    /// <summary>The time that <see cref="Limit"/> counts in, up to now. Default 60 seconds.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The time from a worker's end to the start of its successor, the first time; then it doubles, each with up to a quarter more by chance. Default 0.1 seconds.</summary>
    public TimeSpan MinDelay { get; set; } = TimeSpan.FromSeconds(0.1);

    /// <summary>The longest such time; not less than <see cref="MinDelay"/>. Default 30 seconds.</summary>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A worker that was ready for so long is sound: after its end the times begin with <see cref="MinDelay"/> again. Default 60 seconds.</summary>
    public TimeSpan StableTime { get; set; } = TimeSpan.FromSeconds(60);
}
