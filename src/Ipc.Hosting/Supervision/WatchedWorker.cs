using Ipc.Processes;
using Ipc.Transports;

namespace Ipc.Supervision;

/// <summary>A ready worker that is watched for a hang.</summary>
internal sealed class WatchedWorker(PeerId worker, int processId, GroupPlan group, ProcessState state, Action<string> kill, TimeProvider time)
{
    private readonly HangPolicy _policy = new(group.Options.HangTimeout);
    private readonly Lock _gate = new();
    private long _lookedAt = time.GetTimestamp();
    private long? _judgedAt;

    public PeerId Worker => worker;

    public int ProcessId => processId;

    public GroupPlan Group => group;

    /// <summary>How often it is looked at.</summary>
    public TimeSpan Interval => _policy.Interval;

    /// <summary>That it has not answered lately, or is still there long after it was to be replaced, as a sentence; <see langword="null"/> when it is neither.</summary>
    public string? FindSilence()
    {
        lock (_gate)
        {
            return _judgedAt is { } judgedAt
                ? time.GetElapsedTime(judgedAt) > HangWatch.ReplacementTime ? $"{worker} hangs, and its process {processId} is still there" : null
                : _policy.IsAnswering ? null
                : state.CanRun() ? $"{worker} does not answer"
                : $"{worker} does not answer: its process {processId} is stopped or frozen";
        }
    }

    /// <summary>Ends the process.</summary>
    public void Kill(string because) => kill(because);

    /// <summary>It has answered.</summary>
    public void Answer(WorkerPulse pulse)
    {
        lock (_gate)
        {
            _policy.Answer(pulse);
        }
    }

    /// <summary>Looks at it when it is time for that.</summary>
    /// <param name="isPaused">Whether this process is under a debugger.</param>
    /// <param name="isIdle">Whether it has nothing to do: then it is looked at once in two timeouts only, unless its last answer was not as it should be.</param>
    /// <param name="question">What to ask it now, if anything.</param>
    /// <returns>That it hangs; once.</returns>
    public HangFinding? Look(bool isPaused, bool isIdle, out uint? question)
    {
        lock (_gate)
        {
            question = null;
            TimeSpan elapsed = time.GetElapsedTime(_lookedAt);
            bool isEarly = elapsed < Interval / 2; // a timer may be
            if (_judgedAt is not null || isEarly || (isIdle && _policy.IsSound && elapsed < 2 * group.Options.HangTimeout))
            {
                return null;
            }

            _lookedAt = time.GetTimestamp();
            question = _policy.Look(elapsed, !isPaused && state.CanRun());
            HangFinding? finding = _policy.Find();
            if (finding is not null)
            {
                _judgedAt = _lookedAt;
            }

            return finding;
        }
    }
}
