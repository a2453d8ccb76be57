namespace Ipc.Transports.Rings;

/// <summary>How a <see cref="RingReaderLoop"/> waits and hands over. The defaults are measured; tests change them.</summary>
internal sealed record RingLoopOptions
{
    /// <summary>How many times to look with a short pause before each, before the first yield. Default 50, or 0 with one core or a quota below 2.</summary>
    public int SpinBudget { get; init; } = ProcessorQuota.AllowsSpinning ? 50 : 0;

    /// <summary>How many times to yield before sleeping, at most. Default 200, or 0 with one core or a quota below 2. When both are 0, it sleeps at once.</summary>
    public int YieldBudget { get; init; } = ProcessorQuota.AllowsSpinning ? 200 : 0;

    /// <summary>Whether it looks at all before it sleeps.</summary>
    public bool Looks => (SpinBudget | YieldBudget) != 0;

    /// <summary>What a cluster's limits say, the defaults for the rest.</summary>
    public static RingLoopOptions From(TransportLimits limits)
    {
        var defaults = new RingLoopOptions();
        return defaults with { SpinBudget = limits.SpinBudget ?? defaults.SpinBudget, YieldBudget = limits.YieldBudget ?? defaults.YieldBudget };
    }

    /// <summary>How often the standby looks at a busy reader. Default 1 ms: a listener that blocks holds the others up for at most about twice that.</summary>
    public TimeSpan StandbyTick { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Threads beyond the first, at most. When all are inside listeners, only answers are read. Default 64.</summary>
    public int MaxStandbys { get; init; } = 64;

    /// <summary>Where the loop's threads come from. Default ones that are started when they are needed.</summary>
    public ReaderThreads Threads { get; init; } = new();

    /// <summary>Frames of one lane before the next lane's turn. Default 64.</summary>
    public int BatchFrames { get; init; } = 64;

    /// <summary>After what time a writer gives segments of large frames back that it has not used, and waits no longer for one that it asked for. Default 2 seconds.</summary>
    public TimeSpan SegmentTick { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a writer waits for the end of a ring's closing, which takes the supervisor nanoseconds. Whoever writes CLOSING and nothing after it breaks the lane.</summary>
    public TimeSpan ClosingGrace { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Called at each <see cref="KillPoint"/>, when <see cref="Rings.KillPoints.AreOn"/>. For tests.</summary>
    public Action<KillPoint>? KillPoints { get; init; }
}
