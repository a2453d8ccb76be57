using System.Collections.Concurrent;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>
/// Looks once a second, from outside, at the workers of groups that want to be recycled, and replaces those that are due, one at a time. Nothing runs where no group has such options.
/// </summary>
internal sealed class RecycleWatch : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly WorkerGroup[] _groups;
    private readonly SupervisorTransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly ConcurrentDictionary<PeerId, RecyclePolicy> _policies = new();
    private readonly ConcurrentDictionary<PeerId, long> _haveHandledEnough = new();

    /// <summary>Begins to look, if any group wants that.</summary>
    public RecycleWatch(IEnumerable<WorkerGroup> groups, SupervisionContext context)
    {
        _groups = [.. groups.Where(g => g.Plan.Options.Recycle.IsSet)];
        _transport = context.Transport;
        _time = context.Time;
        _logger = context.Logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping);
        if (_groups.Length > 0)
        {
            _ = RunAsync();
        }
    }

    /// <summary>A worker says that it has handled as many messages as it was to.</summary>
    public void OnHandledEnough(PeerId worker, long count) => _haveHandledEnough[worker] = count;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        CancellationToken stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            await Task.Delay(Pause, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ForgetOthers();
            foreach (WorkerGroup group in _groups)
            {
                foreach (WorkerSlot slot in group.Slots)
                {
                    if (stop.IsCancellationRequested)
                    {
                        return;
                    }

                    await LookAsync(group, slot, stop).ConfigureAwait(false);
                }
            }
        }
    }

    /// <summary>Incarnations that are no longer in their slots.</summary>
    private void ForgetOthers()
    {
        HashSet<PeerId> present = [.. _groups.SelectMany(g => g.Slots).Select(s => s.Current)];
        foreach (PeerId worker in _policies.Keys.Concat(_haveHandledEnough.Keys).Where(w => !present.Contains(w)).ToArray())
        {
            _policies.TryRemove(worker, out _);
            _haveHandledEnough.TryRemove(worker, out _);
        }
    }

    private async Task LookAsync(WorkerGroup group, WorkerSlot slot, CancellationToken stop)
    {
        WorkerRun run = slot.Run;
        PeerId worker = run.Worker;
        if (run.ReadyFor is not { } readyFor || !slot.IsKept)
        {
            return;
        }

        RecyclePolicy policy = _policies.GetOrAdd(worker, _ => new RecyclePolicy(group.Plan.Options.Recycle, _time, Random.Shared));
        if (_haveHandledEnough.TryRemove(worker, out long count))
        {
            policy.Due(FormattableString.Invariant($"it has handled {count:N0} {(count == 1 ? "message" : "messages")}"));
        }

        policy.Look(readyFor, ProcessMemory.ReadResident(run.ProcessId));
        if (policy.Reason is not { } reason)
        {
            return;
        }

        try
        {
            WorkerLoad load = _transport.Inspect(worker);
            if (!policy.MayGo(isQuiet: load is { Running.Count: 0, Waiting: 0 }))
            {
                return;
            }

            SupervisionLog.Recycling(_logger, worker, run.ProcessId, reason);
            if (await group.ReplaceAsync(slot, run, stop).ConfigureAwait(false) is { } problem)
            {
                if (stop.IsCancellationRequested)
                {
                    SupervisionLog.ReplacementGivenUp(_logger, worker);
                    return;
                }

                policy.Postpone();
                SupervisionLog.RecyclingFailed(_logger, worker, problem, group.Plan.Options.Recycle.Patience);
                return;
            }

            _policies.TryRemove(worker, out _);
        }
        catch (Exception e) when (e is ObjectDisposedException or OperationCanceledException)
        {
            SupervisionLog.ReplacementGivenUp(_logger, worker); // the supervisor stops
        }
        catch (Exception e)
        {
            // Whatever it was: the other workers are looked at on.
            policy.Postpone();
            SupervisionLog.RecyclingFailed(_logger, worker, e.Message.TrimEnd('.'), group.Plan.Options.Recycle.Patience);
        }
    }
}
