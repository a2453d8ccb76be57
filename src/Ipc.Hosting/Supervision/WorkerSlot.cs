using System.Diagnostics;
using System.Globalization;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>One worker id: keeps a process in it until told to stop, or until that has ended too often.</summary>
internal sealed class WorkerSlot : IDisposable
{
    /// <summary>What a worker gets after <c>Ipc:StopTimeout</c>, when its listeners' tokens have been signalled, before it is killed.</summary>
    private static readonly TimeSpan UnwindTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LeastStopTime = TimeSpan.FromSeconds(5);

    private readonly GroupPlan _group;
    private readonly int _workerId;
    private readonly SupervisorTransport _transport;
    private readonly IWorkerLauncher _launcher;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly TimeSpan _startTimeout;
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _quarantined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WorkerEvents _events;
    private readonly HangWatch _hangs;
    private readonly OomKills _oomKills;
    private readonly RestartPolicy _policy;
    private readonly TimeProvider _time;
    private Task _running = Task.CompletedTask;
    private volatile WorkerRun _run;
    private long _stopTimeoutTicks;
    private string? _firstFailure;
    private string? _lastFailure;

    public WorkerSlot(
        GroupPlan group,
        int workerId,
        SupervisorTransport transport,
        IWorkerLauncher launcher,
        WorkerEvents events,
        HangWatch hangs,
        OomKills oomKills,
        IpcOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken stopping)
    {
        _group = group;
        _workerId = workerId;
        _transport = transport;
        _launcher = launcher;
        _events = events;
        _hangs = hangs;
        _oomKills = oomKills;
        _time = time;
        _logger = logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping); // a host that stops starts nobody again
        _startTimeout = options.StartTimeout;
        _stopTimeoutTicks = options.StopTimeout.Ticks;
        _policy = new RestartPolicy(group.Options.Restart, time, Random.Shared);
        _run = Next(0);
    }

    /// <summary>Completes when the id has been ready for the first time.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Completes when the id is not started any more: its processes have ended too often, or it depends on a group that has no worker left.</summary>
    public Task Quarantined => _quarantined.Task;

    /// <summary>Completes when nobody has to wait for the first start any more: the id has been ready, or is quarantined.</summary>
    public Task FirstOutcome => Task.WhenAny(FirstReady, Quarantined);

    /// <summary>The current incarnation.</summary>
    public PeerId Current => _run.Worker;

    /// <summary>The process in the slot, or the last that was.</summary>
    public int ProcessId => _run.ProcessId;

    /// <summary>What came of starting the worker, as a sentence: how often it was tried, and how the last try ended or where it is.</summary>
    public string DescribeStart()
    {
        WorkerRun run = _run;
        int starts = run.Worker.Incarnation;
        if (starts == 0)
        {
            return Quarantined.IsCompleted
                ? $"Worker {_workerId} was not started: {_firstFailure}."
                : $"Worker {_workerId} was not started yet: its group waits for {string.Join(", ", _group.Options.DependsOn)} ({_group.Option}:DependsOn).";
        }

        string often = starts == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{starts} times");
        if (Quarantined.IsCompleted)
        {
            return $"Worker {_workerId} was started {often}; what ended it began with this: {_firstFailure}.";
        }

        string state = Volatile.Read(ref _lastFailure) is { } failure ? $"the last time {failure}"
            : run.ProcessId == 0 ? "its process does not run yet"
            : run.IsConnected ? $"process {run.ProcessId} runs and has connected, but not all of its hosted services have started"
            : $"process {run.ProcessId} runs and has not connected: it has not come to the start of its host, or does not call AddIpcWorkers()";
        return $"Worker {_workerId} was started {often}; {state}.";
    }

    /// <summary>Begins to keep a process in the slot.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Instead of <see cref="Start"/>: the id stays empty.</summary>
    /// <param name="reason">Why, for a sentence.</param>
    public void Abandon(string reason)
    {
        _firstFailure = reason;
        SupervisionLog.Abandoned(_logger, Current, reason);
        _transport.WorkerExited(Current, keepInbox: false);
        _quarantined.TrySetResult();
    }

    /// <summary>The control connection of this incarnation is open: a stop that came before it is passed on now.</summary>
    public void OnConnected(PeerId worker)
    {
        WorkerRun run = _run;
        if (worker != run.Worker)
        {
            return;
        }

        run.OnConnected();
        if (_stop.IsCancellationRequested)
        {
            _transport.RequestStop(worker, TimeSpan.FromTicks(Volatile.Read(ref _stopTimeoutTicks)));
        }
    }

    /// <summary>The control connection says that this incarnation is ready.</summary>
    public void OnReady(PeerId worker)
    {
        WorkerRun run = _run;
        if (worker != run.Worker)
        {
            return;
        }

        run.OnReady();
        if (!_firstReady.TrySetResult())
        {
            SupervisionLog.SuccessorReady(_logger, worker, run.ProcessId);
        }
    }

    /// <summary>Asks the worker to finish and kills it at the deadline.</summary>
    /// <param name="timeout">How long its listeners may take.</param>
    /// <param name="hurry">The host's time is over. What others have used of it is not taken from the worker: it has <see cref="LeastStopTime"/> from being asked.</param>
    public async Task StopAsync(TimeSpan timeout, CancellationToken hurry)
    {
        var asked = Stopwatch.StartNew();
        using var late = new CancellationTokenSource();
        using CancellationTokenRegistration registration = hurry.UnsafeRegister(
            _ => late.CancelAfter(asked.Elapsed < LeastStopTime ? LeastStopTime - asked.Elapsed : TimeSpan.Zero), null);
        Volatile.Write(ref _stopTimeoutTicks, timeout.Ticks);
        await _stop.CancelAsync().ConfigureAwait(false);
        _hangs.Forget(Current);
        _transport.RequestStop(Current, timeout);
        if (ProcessId != 0 && !_running.IsCompleted)
        {
            _events.Stopping(Current, ProcessId, timeout);
        }

        try
        {
            await StopWithinAsync(timeout, late.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (e is TimeoutException)
            {
                SupervisionLog.Killed(_logger, Current, ProcessId, timeout);
            }
            else
            {
                SupervisionLog.KilledEarly(_logger, Current, ProcessId, asked.Elapsed);
            }

            Kill();
            await _running.ConfigureAwait(false);
        }
    }

    private async Task StopWithinAsync(TimeSpan timeout, CancellationToken late)
    {
        try
        {
            await _running.WaitAsync(timeout, late).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A worker signals its listeners' tokens now, and has the unwind time. A process that has never joined the cluster was not asked yet.
            _run.Terminate();
            await _running.WaitAsync(UnwindTime, late).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the process without asking.</summary>
    public void Kill()
    {
        _stop.Cancel();
        KillProcess();
    }

    public void Dispose()
    {
        Kill();
        _stop.Dispose();
    }

    private void KillProcess() => _lastFailure = _run.Kill("its time was over") ?? _lastFailure;

    private WorkerRun Next(int incarnation) => new(PeerId.Worker(_group.Name, _workerId, incarnation), _group, _time, _events, _hangs, _oomKills, _logger);

    private async Task RunAsync()
    {
        CancellationToken stop = _stop.Token;
        for (int incarnation = 1; ; incarnation++)
        {
            if (stop.IsCancellationRequested)
            {
                _transport.WorkerExited(Current, keepInbox: false); // it was kept for a successor that does not come
                return;
            }

            WorkerRun run = Next(incarnation);
            _run = run;
            PeerId worker = run.Worker;
            TimeSpan? delay;
            try
            {
                delay = await RunOnceAsync(run).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever it was: an id that nobody looks after any more would be worse.
                KillProcess();
                delay = Settle(run);
                string reason = e.Message.TrimEnd('.');
                WorkerExited exit = run.DescribeFailedStart($"could not be started: {reason}", OutcomeOf(delay), delay);
                Remember($"it {exit.Reason}");
                _events.Exited(exit);
                if (delay is { } wait)
                {
                    SupervisionLog.StartFailed(_logger, worker, reason, wait);
                }
            }

            if (delay is not { } untilNext)
            {
                Leave(worker);
                return;
            }

            await Task.Delay(untilNext, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The process has ended, or there was none: a successor gets the inbox, or nobody does.</summary>
    /// <returns>When the successor is to be started; nothing when there is none.</returns>
    private TimeSpan? Settle(WorkerRun run)
    {
        TimeSpan? delay = null;
        if (!_stop.IsCancellationRequested)
        {
            delay = _policy.NextDelay(run.ReadyFor);
            if (_policy.IsFirst)
            {
                _firstFailure = null; // of another series
            }
        }

        _transport.WorkerExited(run.Worker, keepInbox: delay is not null);
        return delay;
    }

    private WorkerExitOutcome OutcomeOf(TimeSpan? delay) => delay is not null ? WorkerExitOutcome.Restarted
        : _stop.IsCancellationRequested ? WorkerExitOutcome.Stopped
        : WorkerExitOutcome.Quarantined;

    /// <summary>How it went, now that its last words are known.</summary>
    private void Remember(string failure)
    {
        Volatile.Write(ref _lastFailure, failure);
        _firstFailure ??= failure;
    }

    /// <summary>No successor comes: the supervisor stops, or there were too many.</summary>
    private void Leave(PeerId worker)
    {
        if (!_stop.IsCancellationRequested)
        {
            IpcRestartOptions restart = _group.Options.Restart;
            SupervisionLog.Quarantined(_logger, worker, _lastFailure!, restart.Limit, restart.Window, $"{_group.Option}:Restart", _firstFailure!);
            _quarantined.TrySetResult();
        }
    }

    private async Task<TimeSpan?> RunOnceAsync(WorkerRun run)
    {
        await run.StartAsync(_launcher, _transport).ConfigureAwait(false);
        if (run.Worker.Incarnation > 1)
        {
            // A successor that does not become ready is no better than one that ends. Of the first start the whole cluster's timeout takes care.
            _ = run.KillWhenLateAsync(_startTimeout, _stop.Token);
        }

        await run.WaitForEndAsync().ConfigureAwait(false);
        long endedAt = _time.GetTimestamp();
        TimeSpan? delay = Settle(run);
        WorkerExited exit = await run.DescribeEndAsync(OutcomeOf(delay), delay).ConfigureAwait(false);
        string failure = ExitWords.Describe(exit);
        Remember(failure);
        _events.Exited(exit);
        if (delay is { } wait)
        {
            SupervisionLog.StartedAgain(_logger, run.Worker, failure, wait);
            TimeSpan left = wait - _time.GetElapsedTime(endedAt);
            delay = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        return delay;
    }
}
