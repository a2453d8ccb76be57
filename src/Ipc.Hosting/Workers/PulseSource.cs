using System.Diagnostics;
using Ipc.Dispatch;
using Ipc.Transports;

namespace Ipc.Workers;

/// <summary>A worker's answers to its supervisor's question whether it comes forward. Given by the control thread, which runs nobody's code; whether the pool does is tried by a work item.</summary>
internal sealed class PulseSource(CallWatch calls) : IThreadPoolWorkItem
{
    private uint _queuedAt; // 0 when the pool has come to the work item

    /// <summary>The answer to a question. For one thread at a time.</summary>
    public WorkerPulse Answer(uint number)
    {
        uint waitsSince = Volatile.Read(ref _queuedAt);
        if (waitsSince == 0)
        {
            Volatile.Write(ref _queuedAt, number);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        (uint since, string action) = calls.Look(number);
        return new WorkerPulse(number, waitsSince, since, action, Debugger.IsAttached);
    }

    /// <summary>Runs on the pool.</summary>
    public void Execute() => Volatile.Write(ref _queuedAt, 0);
}
