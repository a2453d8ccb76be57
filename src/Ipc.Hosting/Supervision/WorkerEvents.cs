using System.Collections.Concurrent;
using Ipc.Dispatch;

namespace Ipc.Supervision;

/// <summary>What the supervisor's listeners hear of its workers, and what the transport finds out about each one's end. Safe for use by several threads; returns at once.</summary>
internal sealed class WorkerEvents(EventQueues events)
{
    private readonly ConcurrentDictionary<PeerId, WorkerRemains> _remains = new();

    /// <summary>A process runs.</summary>
    public void Started(PeerId worker, int processId) => events.Raise(WorkerStarted.EventName, new WorkerStarted(worker, processId));

    /// <summary>It has said that it is ready.</summary>
    public void Ready(PeerId worker, int processId) => events.Raise(WorkerReady.EventName, new WorkerReady(worker, processId));

    /// <summary>It is asked to finish.</summary>
    public void Stopping(PeerId worker, int processId, TimeSpan timeout) => events.Raise(WorkerStopping.EventName, new WorkerStopping(worker, processId, timeout));

    /// <summary>It hangs, and is about to be killed.</summary>
    public void Hung(WorkerHung hung) => events.Raise(WorkerHung.EventName, hung);

    /// <summary>It has ended, and that is accounted for.</summary>
    public void Exited(WorkerExited exit) => events.Raise(WorkerExited.EventName, exit);

    /// <summary>A group was reloaded, or a part of it.</summary>
    public void Reloaded(ReloadResult result) => events.Raise(ReloadResult.EventName, result);

    /// <summary>An incarnation is about to be started: what is found out about its end is kept until <see cref="Forget"/>.</summary>
    public WorkerRemains Expect(PeerId worker) => _remains.GetOrAdd(worker, static _ => new WorkerRemains());

    /// <summary>The incarnation's end has been told.</summary>
    public void Forget(PeerId worker) => _remains.TryRemove(worker, out _);

    /// <summary>The transport reports a loss.</summary>
    public void OnMessagesLost(PeerId worker, string? action, long count) => _remains.GetValueOrDefault(worker)?.AddLost(action, count);

    /// <summary>The transport has accounted for an end.</summary>
    public void OnSettled(PeerId worker, IReadOnlyList<ActionCount> running) => _remains.GetValueOrDefault(worker)?.Settle(running);
}
