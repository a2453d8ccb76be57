using System.Diagnostics;

namespace Ipc.Benchmarks.Measuring;

/// <summary>What went to and fro during one measurement, counted by the side that asks.</summary>
internal sealed class Traffic
{
    private readonly LatencyHistogram _latencies = new();
    private long _begin;
    private long _end;

    /// <summary>When sending stops.</summary>
    public long Until { get; private set; }

    /// <summary>Messages that were sent; the next one's number.</summary>
    public long Sent { get; set; }

    /// <summary>Answers that were not the ones expected, or did not come.</summary>
    public long Wrong { get; set; }

    /// <summary>Round trips, in ticks of <see cref="Stopwatch"/>.</summary>
    public LatencyHistogram Latencies => _latencies;

    /// <summary>From the first send until the last message was handled, in seconds.</summary>
    public double Seconds => (_end - _begin) / (double)Stopwatch.Frequency;

    /// <summary>The clock starts.</summary>
    public long Begin(int milliseconds)
    {
        _begin = Stopwatch.GetTimestamp();
        Until = _begin + (Stopwatch.Frequency * milliseconds / 1000);
        return _begin;
    }

    /// <summary>Everything has been handled.</summary>
    public void End() => _end = Stopwatch.GetTimestamp();
}
