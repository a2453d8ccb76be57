using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Api;

/// <summary>Tells what this worker has counted and used.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class AskWorkerListener(Tally tally) : IListener<AskWorker, WorkerState>
{
    public ValueTask<WorkerState> HandleAsync(AskWorker message, MessageContext context, CancellationToken cancellationToken)
    {
        Usage used = Usage.Now;
        var state = new WorkerState(Environment.ProcessId, tally.Received, tally.OutOfOrder, used.CpuMicroseconds, used.AllocatedBytes);
        if (message.Resets)
        {
            tally.Reset();
        }

        return new(state);
    }
}
