using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Ipc.Hosting.Tests;

/// <summary>The activities of this process's clusters that end while it exists; one that listens makes every send traced, so tests that use it run alone.</summary>
internal sealed class ActivityLog : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _stopped = new();

    public ActivityLog()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IpcDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _stopped.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>Waits for that many: a listener's activity ends a moment after its answer has been sent.</summary>
    public async Task<List<Activity>> WaitForAsync(int count)
    {
        var watch = Stopwatch.StartNew();
        while (_stopped.Count < count)
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"Only {string.Join(", ", _stopped.Select(a => a.DisplayName))}.");
            await Task.Delay(5);
        }

        return [.. _stopped.OrderBy(a => a.StartTimeUtc)];
    }

    public void Dispose() => _listener.Dispose();
}
