using System.Threading.Channels;
using Ipc.Processes;
using Ipc.Supervision;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>Starts processes that do nothing, and end as the test says.</summary>
internal sealed class FakeLauncher : IWorkerLauncher
{
    private readonly Channel<FakeProcess> _started = Channel.CreateUnbounded<FakeProcess>();
    private int _count;

    /// <summary>Thrown instead of a start.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many were started, or were to be.</summary>
    public int Count => Volatile.Read(ref _count);

    public Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity)
    {
        // Beyond all numbers that the system gives.
        var process = new FakeProcess(5_000_000 + Interlocked.Increment(ref _count), identity);
        if (Failure is { } failure)
        {
            return Task.FromException<IWorkerProcess>(failure);
        }

        _started.Writer.TryWrite(process);
        return Task.FromResult<IWorkerProcess>(process);
    }

    /// <summary>The next one that is started.</summary>
    public async Task<FakeProcess> NextAsync() => await _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
}
