using System.Globalization;

namespace Ipc.Supervision;

/// <summary>What has ended the processes of one worker id, in words. Any thread may read; one at a time writes.</summary>
internal sealed class FailureHistory
{
    private string? _first;
    private string? _last;

    /// <summary>What the present series of failures began with.</summary>
    public string? First => Volatile.Read(ref _first);

    /// <summary>The last failure.</summary>
    public string? Last => Volatile.Read(ref _last);

    /// <summary>A process has ended, or could not be started.</summary>
    /// <param name="failure">How, as a sentence's part.</param>
    public void Add(string failure)
    {
        Replace(failure);
        if (First is null)
        {
            Volatile.Write(ref _first, failure);
        }
    }

    /// <summary>There is more to say about the last one.</summary>
    public void Replace(string failure) => Volatile.Write(ref _last, failure);

    /// <summary>The next failure begins another series.</summary>
    public void BeginSeries() => Volatile.Write(ref _first, null);

    /// <summary>What came of starting a worker, as a sentence: how often it was tried, and how the last try ended or where it is.</summary>
    /// <param name="run">The worker's present process, or its last.</param>
    /// <param name="group">Its group.</param>
    /// <param name="isQuarantined">Whether it is not started any more.</param>
    public string DescribeStart(WorkerRun run, GroupPlan group, bool isQuarantined)
    {
        int workerId = run.Worker.WorkerId;
        int starts = run.Worker.Incarnation;
        if (starts == 0)
        {
            return isQuarantined
                ? $"Worker {workerId} was not started: {First}."
                : $"Worker {workerId} was not started yet: its group waits for {string.Join(", ", group.Options.DependsOn)} ({group.Option}:DependsOn).";
        }

        string often = starts == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{starts} times");
        if (isQuarantined)
        {
            return $"Worker {workerId} was started {often}; what ended it began with this: {First}.";
        }

        string state = Last is { } failure ? $"the last time {failure}"
            : run.ProcessId == 0 ? "its process does not run yet"
            : run.IsConnected ? $"process {run.ProcessId} runs and has connected, but {group.NotReadyBecause}"
            : $"process {run.ProcessId} runs and has not connected: it has not come to the start of its host, or does not call AddIpcWorkers()";
        return $"Worker {workerId} was started {often}; {state}.";
    }
}
