using System.Diagnostics;
using Ipc.Dispatch;
using Ipc.Transports;

namespace Ipc.Workers;

/// <summary>
/// A worker's answers to its supervisor's question whether it comes forward, given by the control thread, which runs nobody's code. The pool is looked at, not tried: a work item would wake its threads in an idle worker.
/// </summary>
internal sealed class PulseSource
{
    private readonly CallWatch _calls;
    private long _completed;
    private uint _waitsSince; // 0 when nothing waits for the pool

    /// <summary>Begins to watch.</summary>
    /// <param name="calls">What is watched beside the pool.</param>
    public PulseSource(CallWatch calls)
    {
        _calls = calls;
        calls.Begin();
    }

    /// <summary>The answer to a question. For one thread at a time.</summary>
    public WorkerPulse Answer(uint number)
    {
        uint waitsSince = LookAtPool(number, ThreadPool.PendingWorkItemCount, ThreadPool.CompletedWorkItemCount);
        (uint since, string action) = _calls.Look(number);
        return new WorkerPulse(number, waitsSince, since, action, Debugger.IsAttached);
    }

    /// <summary>Something waits for the pool, at each look, and nothing has ended between them.</summary>
    internal uint LookAtPool(uint number, long pending, long completed)
    {
        bool goesOn = completed != _completed || pending == 0;
        _completed = completed;
        uint before = goesOn ? 0 : _waitsSince;
        _waitsSince = pending == 0 ? 0 : before == 0 ? number : before;
        return before;
    }
}
