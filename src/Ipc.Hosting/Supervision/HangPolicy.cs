using Ipc.Transports;

namespace Ipc.Supervision;

/// <summary>
/// Whether one worker hangs: looks at it and its answers in, verdict out. Only the time counts in which the process could run: not while it was stopped or frozen at one of the two looks around it, nor under a
/// debugger; and a look that comes late counts for two intervals at most, because what held up the supervisor may have held up the worker. For one thread at a time.
/// </summary>
/// <param name="timeout">How long a worker may not come forward.</param>
internal sealed class HangPolicy(TimeSpan timeout)
{
    /// <summary>How often a process is looked at in the timeout.</summary>
    public const int LooksPerTimeout = 4;

    private readonly List<(uint Number, TimeSpan At)> _asked = [];
    private TimeSpan _clock;
    private TimeSpan _unanswered;
    private WorkerPulse _last;
    private bool _couldRun;

    /// <summary>How often to look.</summary>
    public TimeSpan Interval { get; } = timeout / LooksPerTimeout;

    /// <summary>The number of the last question.</summary>
    private uint LastAsked => _asked.Count == 0 ? 0 : _asked[^1].Number;

    /// <summary>
    /// Whether the last question has its answer, or has waited for less than the timeout. Time in which the process was stopped or frozen counts here, which is no hang and yet no answer.
    /// </summary>
    public bool IsAnswering => _last.Number == LastAsked || _unanswered < timeout;

    /// <summary>Whether the last question has its answer, and that says nothing bad.</summary>
    public bool IsSound => _last.Number == LastAsked && _last is { PoolWaitsSince: 0, CallSince: 0 };

    /// <summary>A look.</summary>
    /// <param name="elapsed">The time since the last one.</param>
    /// <param name="canRun">Whether the process can run now.</param>
    /// <returns>The number of the question to ask; nothing while the last one has no answer: a process that is stopped would find them all.</returns>
    public uint? Look(TimeSpan elapsed, bool canRun)
    {
        TimeSpan counted = elapsed < 2 * Interval ? elapsed : 2 * Interval;
        canRun &= !_last.IsDebugged;
        if (canRun && _couldRun)
        {
            _clock += counted;
        }

        _couldRun = canRun;
        if (_last.Number != LastAsked)
        {
            _unanswered += _last.IsDebugged ? TimeSpan.Zero : counted;
            return null;
        }

        _unanswered = TimeSpan.Zero;

        if (_asked.Count > 4 * LooksPerTimeout)
        {
            _asked.RemoveAt(0); // older than the timeout
        }

        _asked.Add((LastAsked + 1, _clock));
        return LastAsked;
    }

    /// <summary>An answer; one to a question that was not the last is none.</summary>
    public void Answer(WorkerPulse pulse)
    {
        if (pulse.Number == LastAsked)
        {
            _last = pulse;
        }
    }

    /// <summary>The verdict.</summary>
    public HangFinding? Find()
    {
        if (_asked.Count == 0 || _last.IsDebugged)
        {
            return null;
        }

        // What it said was so when it was asked; since then it may have come forward.
        TimeSpan answeredAt = AskedAt(_last.Number);
        return Judge(HangCause.ListenerBlocked, _last.CallSince, answeredAt, _last.Action)
            ?? Judge(HangCause.ThreadPoolStarved, _last.PoolWaitsSince, answeredAt, "")
            ?? (_last.Number == LastAsked ? null : Judge(HangCause.NotAnswering, LastAsked, _clock, ""));
    }

    private HangFinding? Judge(HangCause cause, uint since, TimeSpan until, string action)
    {
        TimeSpan lasted = since == 0 ? TimeSpan.Zero : until - AskedAt(since);
        return since != 0 && lasted >= timeout ? new HangFinding(cause, lasted, action) : null;
    }

    private TimeSpan AskedAt(uint number)
    {
        int index = _asked.FindIndex(a => a.Number >= number);
        return index < 0 ? _clock : _asked[index].At;
    }
}
