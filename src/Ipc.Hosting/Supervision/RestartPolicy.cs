namespace Ipc.Supervision;

/// <summary>The restarts of one worker id: how long to wait before the next one, or that there were too many. For one thread at a time.</summary>
/// <remarks>The limit is that of OTP's supervisors: so many within a window that slides. The waiting is exponential back-off with jitter, so that workers that fail together do not start together.</remarks>
internal sealed class RestartPolicy(IpcRestartOptions options, TimeProvider time, Random random)
{
    private const double Jitter = 0.25;
    private const int MostDoublings = 40;

    private readonly Queue<long> _restarts = new();
    private int _doublings;

    /// <summary>Whether the restart that was asked for last is the only one in the window: a new series, if more follow.</summary>
    public bool IsFirst => _restarts.Count == 1;

    /// <summary>The worker has ended, whatever the cause, or could not be started.</summary>
    /// <param name="readyFor">For how long it had been ready; nothing when it never was.</param>
    /// <returns>When its successor is to be started; <see langword="null"/> when none is.</returns>
    public TimeSpan? NextDelay(TimeSpan? readyFor)
    {
        while (_restarts.TryPeek(out long restart) && time.GetElapsedTime(restart) >= options.Window)
        {
            _restarts.Dequeue();
        }

        if (_restarts.Count >= options.Limit)
        {
            return null;
        }

        _restarts.Enqueue(time.GetTimestamp());
        _doublings = readyFor >= options.StableTime ? 0 : _doublings;
        double longest = options.MaxDelay.Ticks / (1 + Jitter);
        double ticks = Math.Min(options.MinDelay.Ticks * Math.Pow(2, _doublings), longest) * (1 + (Jitter * random.NextDouble()));
        _doublings = Math.Min(_doublings + 1, MostDoublings);
        return TimeSpan.FromTicks(Math.Clamp((long)ticks, options.MinDelay.Ticks, options.MaxDelay.Ticks));
    }
}
