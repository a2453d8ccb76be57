using System.Diagnostics;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>
/// One worker id: keeps a process in it until told to stop, or until that has ended too often. When a process ends, who comes next is a successor that was started beside it
/// (<see cref="ReplaceAsync"/>), a standby, or a new process after the delay of the restart policy.
/// </summary>
internal sealed class WorkerSlot : IDisposable
{
    private static readonly TimeSpan LeastStopTime = TimeSpan.FromSeconds(5);

    private readonly GroupPlan _group;
    private readonly int _workerId;
    private readonly SupervisionContext _context;
    private readonly StandbyPool _standbys;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _quarantined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartPolicy _policy;
    private readonly FailureHistory _failures = new();
    private Task _running = Task.CompletedTask;
    private Task _telling = Task.CompletedTask;
    private volatile WorkerRun _run;
    private WorkerRun? _successor;
    private int _incarnations;
    private int _restarts;
    private volatile string? _killedBecause;
    private bool _isStarted;
    private long _stopTimeoutTicks;
    private long _stopAskedAt;

    /// <summary>Makes an empty one.</summary>
    /// <param name="group">Whose.</param>
    /// <param name="workerId">Its number there.</param>
    /// <param name="incarnations">How many incarnations the worker id has had.</param>
    /// <param name="standbys">Who may take over.</param>
    /// <param name="context">What all have in common.</param>
    public WorkerSlot(GroupPlan group, int workerId, int incarnations, StandbyPool standbys, SupervisionContext context)
    {
        _group = group;
        _workerId = workerId;
        _incarnations = incarnations;
        _standbys = standbys;
        _context = context;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping); // a host that stops starts nobody again
        _stopTimeoutTicks = context.Options.StopTimeout.Ticks;
        _policy = new RestartPolicy(group.Options.Restart, context.Time, Random.Shared);
        _run = new WorkerRun(PeerId.Worker(group.Name, workerId, incarnations), isHeld: false, group, context);
    }

    /// <summary>Completes when the id has been ready for the first time.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Completes when the id is not started any more: its processes have ended too often, or it depends on a group that has no worker left, or it was taken away.</summary>
    public Task Quarantined => _quarantined.Task;

    /// <summary>Completes when nobody has to wait for the first start any more: the id has been ready, or is quarantined.</summary>
    public Task FirstOutcome => Task.WhenAny(FirstReady, Quarantined);

    /// <summary>The number of the worker id in its group.</summary>
    public int WorkerId => _workerId;

    /// <summary>Who is in it, or was last.</summary>
    public WorkerRun Run => _run;

    /// <summary>The current incarnation.</summary>
    public PeerId Current => _run.Worker;

    /// <summary>How many incarnations there have been.</summary>
    public int Incarnations => Volatile.Read(ref _incarnations);

    /// <summary>How often it was started again, or a standby has taken over, because a process had ended: by itself, and not to make place for its successor.</summary>
    public int Restarts => Volatile.Read(ref _restarts);

    /// <summary>Whether a process is in it, or is to be: it was started, and neither stopped nor quarantined.</summary>
    public bool IsKept => !_running.IsCompleted && !_stop.IsCancellationRequested;

    /// <summary>The process in the slot, or the last that was.</summary>
    public int ProcessId => _run.ProcessId;

    /// <summary>What came of starting the worker, as a sentence: how often it was tried, and how the last try ended or where it is.</summary>
    public string DescribeStart() => _failures.DescribeStart(_run, _group, Quarantined.IsCompleted);

    /// <summary>Begins to keep a process in the slot.</summary>
    public void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            _running = RunToTheEndAsync();
        }
    }

    /// <summary>After <see cref="StopAsync"/>: nobody waits for the id any more.</summary>
    public void Forget() => GiveUp();

    /// <summary>Instead of <see cref="Start"/>: the id stays empty.</summary>
    /// <param name="reason">Why, for a sentence.</param>
    public void Abandon(string reason)
    {
        _failures.Add(reason);
        SupervisionLog.Abandoned(_context.Logger, Current, reason);
        _context.Transport.WorkerExited(Current, keepInbox: false);
        GiveUp();
    }

    /// <summary>A control connection is open: a stop that came before it is passed on now.</summary>
    public void OnConnected(PeerId worker)
    {
        Find(worker)?.OnConnected();
        if (worker == Current && _stop.IsCancellationRequested)
        {
            RequestStop(worker);
        }
    }

    /// <summary>A process in it most likely dies now.</summary>
    public void OnDying(PeerId worker) => Find(worker)?.OnDying();

    /// <summary>A successor that is held has come as far as it can.</summary>
    public void OnPrepared(PeerId worker, bool isReady) => Find(worker)?.OnPrepared(isReady);

    /// <summary>The present incarnation says that it is ready.</summary>
    public void OnReady(PeerId worker)
    {
        WorkerRun run = _run;
        if (worker != run.Worker)
        {
            return;
        }

        run.OnReady(isWatched: !_stop.IsCancellationRequested); // who was asked to stop has a deadline
        if (!_firstReady.TrySetResult())
        {
            SupervisionLog.SuccessorReady(_context.Logger, worker, run.ProcessId);
        }
    }

    /// <summary>
    /// Starts a successor beside the process that works; when it is prepared and has stayed alive for the probation, the one that works finishes what runs, and the successor takes
    /// over, with all that has not been started. A successor that fails changes nothing.
    /// </summary>
    /// <param name="probation">How long it has to stay alive before it takes over.</param>
    /// <param name="stopTimeout">How long the listeners of the one that works may take.</param>
    /// <param name="cancellationToken">Gives up, unless the one that works has been asked to make place.</param>
    /// <returns>Nothing; or why it is not replaced, as a sentence's part.</returns>
    public async Task<string?> ReplaceAsync(TimeSpan probation, TimeSpan stopTimeout, CancellationToken cancellationToken)
    {
        if (!IsKept)
        {
            return "it is not started (any more)";
        }

        WorkerRun predecessor = _run;
        if (predecessor.ProcessId == 0 || predecessor.HasEnded)
        {
            return "it has no process at the moment: one is started anyway";
        }

        if (Volatile.Read(ref _successor) is not null)
        {
            return "it is being replaced already";
        }

        WorkerRun successor = NextRun(isHeld: true);
        if (Interlocked.CompareExchange(ref _successor, successor, null) is not null)
        {
            return "it is being replaced already";
        }

        var replacement = new Replacement(predecessor, successor, _context);
        CancellationToken stop = _stop.Token; // to be asked also when the slot has been disposed
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stop);
        string? problem = await replacement.PrepareAsync(probation, giveUp.Token).ConfigureAwait(false);
        TimeSpan startTimeout = _context.Options.StartTimeout;
        if (problem is null && _run != predecessor && !successor.HasId.IsCompleted)
        {
            problem = "another process has been started for it meanwhile";
        }

        Task taken = Task.WhenAny(successor.HasId, _running); // who is stopped may leave the worker id to nobody
        if (problem is null && !successor.HasId.IsCompleted)
        {
            _context.Events.Stopping(predecessor.Worker, predecessor.ProcessId, stopTimeout);
            await replacement.MakePlaceAsync(stopTimeout).ConfigureAwait(false);
            await successor.IsInTimeAsync(taken, startTimeout, CancellationToken.None).ConfigureAwait(false);
        }

        if (Interlocked.CompareExchange(ref _successor, null, successor) != successor)
        {
            // It is taking over at this moment, or has.
            await successor.IsInTimeAsync(taken, startTimeout, CancellationToken.None).ConfigureAwait(false);
        }

        if (successor.HasId.IsCompleted)
        {
            return await successor.IsInTimeAsync(successor.Ready, startTimeout, stop).ConfigureAwait(false) && successor.Ready.IsCompleted
                ? null
                : "its successor has taken over and was not ready in time";
        }

        return await replacement.DropAsync(problem ?? "its successor ended while it was about to take over").ConfigureAwait(false);
    }

    /// <summary>The worker id takes nothing more; the worker is asked to finish what its inbox holds and what runs, and is killed at the deadline.</summary>
    /// <param name="timeout">How long that may take.</param>
    /// <param name="hurry">The host's time is over. What others have used of it is not taken from the worker: it has <see cref="LeastStopTime"/> from being asked.</param>
    public async Task StopAsync(TimeSpan timeout, CancellationToken hurry)
    {
        var asked = Stopwatch.StartNew();
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration registration = hurry.UnsafeRegister(
            _ => late.CancelAfter(asked.Elapsed < LeastStopTime ? LeastStopTime - asked.Elapsed : TimeSpan.Zero), null);
        Volatile.Write(ref _stopTimeoutTicks, timeout.Ticks);
        Volatile.Write(ref _stopAskedAt, _context.Time.GetTimestamp());
        await _stop.CancelAsync().ConfigureAwait(false);
        _context.Hangs.Forget(Current);
        _context.Transport.Close(Current, timeout);
        if (ProcessId != 0 && !_running.IsCompleted)
        {
            _context.Events.Stopping(Current, ProcessId, timeout);
        }

        try
        {
            await WorkerEnd.WaitAsync(_running, () => _run, timeout, _context.Time, late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (e is TimeoutException)
            {
                SupervisionLog.Killed(_context.Logger, Current, ProcessId, timeout);
            }
            else
            {
                SupervisionLog.KilledEarly(_context.Logger, Current, ProcessId, asked.Elapsed);
            }

            Kill(WorkerRun.TimeIsOver);
            await _running.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the process without asking.</summary>
    /// <param name="because">Why, as a sentence's part.</param>
    public void Kill(string because)
    {
        _killedBecause ??= because;
        _stop.Cancel();
        KillProcess(because);
    }

    public void Dispose()
    {
        Kill(WorkerRun.SupervisorEnds);
        _stop.Dispose();
    }

    private void KillProcess(string because)
    {
        Interlocked.MemoryBarrier(); // pairs with TryGiveId: it sees that this was called, or we see its heir
        if (_run.Kill(because) is { } problem)
        {
            _failures.Replace(problem);
        }

        Volatile.Read(ref _successor)?.Kill(because);
    }

    /// <summary>A process that is asked later than others has what is left of the time.</summary>
    private TimeSpan RequestStop(PeerId worker)
    {
        long askedAt = Volatile.Read(ref _stopAskedAt);
        var timeout = TimeSpan.FromTicks(Volatile.Read(ref _stopTimeoutTicks));
        TimeSpan left = askedAt == 0 ? timeout : timeout - _context.Time.GetElapsedTime(askedAt);
        left = left < TimeSpan.Zero ? TimeSpan.Zero : left;
        _context.Transport.Close(worker, left);
        return left;
    }

    private WorkerRun NextRun(bool isHeld) =>
        new(PeerId.Worker(_group.Name, _workerId, Interlocked.Increment(ref _incarnations)), isHeld, _group, _context);

    private WorkerRun? Find(PeerId worker) => _run is { } run && run.Worker == worker ? run
        : Volatile.Read(ref _successor) is { } successor && successor.Worker == worker ? successor
        : null;

    private async Task RunToTheEndAsync()
    {
        await RunAsync().ConfigureAwait(false);
        await _telling.ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        CancellationToken stop = _stop.Token;
        WorkerRun? heir = null;
        while (heir is not null || !stop.IsCancellationRequested)
        {
            bool isNew = heir is null;
            WorkerRun run = heir ?? NextRun(isHeld: false);
            _run = run;
            TimeSpan? delay;
            try
            {
                (delay, heir) = await KeepAsync(run, isNew).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever it was: an id that nobody looks after any more would be worse.
                KillProcess("it could not look after the worker");
                heir = null;
                delay = Settle(run);
                string reason = e.Message.TrimEnd('.');
                WorkerExited exit = run.DescribeFailedStart($"could not be started: {reason}", OutcomeOf(delay, heir), delay);
                _failures.Add($"it {exit.Reason}");
                _context.Events.Exited(exit);
                if (delay is { } wait)
                {
                    SupervisionLog.StartFailed(_context.Logger, run.Worker, reason, wait);
                }
            }

            if (delay is not { } untilNext)
            {
                Leave(run.Worker);
                return;
            }

            if (heir is null)
            {
                await Task.Delay(untilNext, _context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        _context.Transport.WorkerExited(Current, keepInbox: false); // it was kept for a successor that does not come
    }

    /// <summary>Keeps a process in the slot until it has ended, and sees to who comes next.</summary>
    /// <returns>When a successor is to be started, nothing when there is none; or who has taken over.</returns>
    private async Task<(TimeSpan? Delay, WorkerRun? Heir)> KeepAsync(WorkerRun run, bool isNew)
    {
        if (isNew)
        {
            await run.StartAsync().ConfigureAwait(false);
        }

        if (run.Worker.Incarnation > 1)
        {
            // A successor that does not become ready is no better than one that ends. Of the first start the whole cluster's timeout takes care.
            _ = run.KillWhenLateAsync(_context.Options.StartTimeout, _stop.Token);
        }

        await run.WaitForEndAsync().ConfigureAwait(false);
        long endedAt = _context.Time.GetTimestamp();
        bool wasAskedFor = run.IsLeaving || _stop.IsCancellationRequested;
        TimeSpan? delay = Settle(run);
        WorkerRun? heir = delay is null ? null : await HandOverAsync(run).ConfigureAwait(false);
        Task telling = TellEndAsync(run, wasAskedFor, delay, heir);
        if (heir is not null)
        {
            _telling = Task.WhenAll(_telling, telling); // the kernel may take its time with the exit: who has taken over is looked after meanwhile
            return (delay, heir);
        }

        await telling.ConfigureAwait(false);
        TimeSpan? left = delay - _context.Time.GetElapsedTime(endedAt);
        return (left < TimeSpan.Zero ? TimeSpan.Zero : left, null);
    }

    /// <summary>Says how a process has ended, as soon as that is known, and what comes next.</summary>
    private async Task TellEndAsync(WorkerRun run, bool wasAskedFor, TimeSpan? delay, WorkerRun? heir)
    {
        WorkerExited exit = await run.DescribeEndAsync(wasAskedFor, () => OutcomeOf(delay, heir), delay).ConfigureAwait(false);
        _context.Events.Exited(exit);
        string failure = ExitWords.Describe(exit);
        if (run.IsLeaving)
        {
            SupervisionLog.Replaced(_context.Logger, run.Worker, failure);
            return;
        }

        _failures.Add(failure);
        if (heir is not null)
        {
            SupervisionLog.TakenOver(_context.Logger, run.Worker, failure, heir.ProcessId);
        }
        else if (exit.Outcome == WorkerExitOutcome.Restarted)
        {
            SupervisionLog.StartedAgain(_context.Logger, run.Worker, failure, exit.RestartDelay);
        }
        else if (exit is { Outcome: WorkerExitOutcome.Stopped, WasAskedFor: false })
        {
            SupervisionLog.NotStartedAgain(_context.Logger, run.Worker, failure);
        }
    }

    /// <summary>The process has ended, or there was none: a successor gets the inbox, or nobody does.</summary>
    /// <returns>When the successor is to be started; nothing when there is none.</returns>
    private TimeSpan? Settle(WorkerRun run)
    {
        TimeSpan? delay = null;
        if (!_stop.IsCancellationRequested)
        {
            delay = run.IsLeaving ? TimeSpan.Zero : _policy.NextDelay(run.ReadyFor);
            if (!run.IsLeaving && delay is not null)
            {
                Interlocked.Increment(ref _restarts);
            }

            if (!run.IsLeaving && delay is not null && _policy.IsFirst)
            {
                _failures.BeginSeries();
            }
        }
        else if (!run.IsLeaving && _killedBecause is null && _standbys.PreparedCount > 0 && HasLeftMessages(run))
        {
            delay = TimeSpan.Zero; // it died over the reading of its inbox: a standby reads on
        }
        else if (run.IsLeaving && _killedBecause is null && Volatile.Read(ref _successor) is { Prepared.IsCompleted: true, HasEnded: false })
        {
            delay = TimeSpan.Zero; // it had stopped reading before the stop came: its successor reads the inbox to the end
        }

        _context.Transport.WorkerExited(run.Worker, keepInbox: delay is not null);
        return delay;
    }

    private bool HasLeftMessages(WorkerRun run)
    {
        try
        {
            return _context.Transport.Inspect(run.Worker).Waiting > 0;
        }
        catch (ObjectDisposedException)
        {
            return false; // the supervisor has stopped
        }
    }

    /// <summary>Gives the worker id to a successor that was started beside its last process, or to a standby.</summary>
    private async Task<WorkerRun?> HandOverAsync(WorkerRun dead)
    {
        if (Volatile.Read(ref _successor) is { } successor)
        {
            // It may have a moment to go when the one that works has crashed.
            await successor.IsInTimeAsync(successor.Prepared, _context.Options.StartTimeout, _stop.Token).ConfigureAwait(false);
            if (successor.Prepared.IsCompleted
                && Interlocked.CompareExchange(ref _successor, null, successor) == successor
                && TryGiveId(successor, successor.Worker, dead))
            {
                return successor;
            }
        }

        while (_standbys.TryTake() is { } standby) // for a stop, too: Settle has looked
        {
            if (TryGiveId(standby, PeerId.Worker(_group.Name, _workerId, Interlocked.Increment(ref _incarnations)), dead))
            {
                return standby;
            }

            // The id does not wait for its end.
            _telling = Task.WhenAll(_telling, new Replacement(dead, standby, _context).DropAsync("it could not take over"));
        }

        return null;
    }

    private bool TryGiveId(WorkerRun heir, PeerId worker, WorkerRun dead)
    {
        _run = heir; // it may say at once that it is ready
        Interlocked.MemoryBarrier(); // pairs with KillProcess
        if (_killedBecause is { } because)
        {
            heir.Kill(because);
        }

        if (!heir.TryTakeOver(worker))
        {
            _run = dead;
            return false;
        }

        if (_stop.IsCancellationRequested)
        {
            _context.Events.Stopping(worker, heir.ProcessId, RequestStop(worker)); // who asked for the stop has asked its predecessor
        }

        return true;
    }

    private WorkerExitOutcome OutcomeOf(TimeSpan? delay, WorkerRun? heir) => heir is not null ? WorkerExitOutcome.TakenOver
        : _stop.IsCancellationRequested ? WorkerExitOutcome.Stopped
        : delay is not null ? WorkerExitOutcome.Restarted
        : WorkerExitOutcome.Quarantined;

    /// <summary>No successor comes: the supervisor stops, or there were too many.</summary>
    private void Leave(PeerId worker)
    {
        if (!_stop.IsCancellationRequested)
        {
            IpcRestartOptions restart = _group.Options.Restart;
            SupervisionLog.Quarantined(_context.Logger, worker, _failures.Last!, restart.Limit, restart.Window, $"{_group.Option}:Restart", _failures.First!);
            GiveUp();
        }
    }

    private void GiveUp()
    {
        _quarantined.TrySetResult();
        _context.GivenUp();
    }
}
