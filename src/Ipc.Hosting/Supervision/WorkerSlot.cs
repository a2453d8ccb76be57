using System.ComponentModel;
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

    private static readonly TimeSpan OutputTime = TimeSpan.FromSeconds(1);

    private readonly GroupPlan _group;
    private readonly int _workerId;
    private readonly SupervisorTransport _transport;
    private readonly ProcessLauncher _launcher;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop;
    private readonly TimeSpan _startTimeout;
    private readonly TaskCompletionSource _firstReady = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _quarantined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RestartPolicy _policy;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private Task _running = Task.CompletedTask;
    private Process? _process;
    private PeerId _current;
    private long _stopTimeoutTicks;
    private long? _readySince;
    private bool _isConnected;
    private string? _firstFailure;
    private string? _lastFailure;

    public WorkerSlot(
        GroupPlan group,
        int workerId,
        SupervisorTransport transport,
        ProcessLauncher launcher,
        IpcOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken stopping)
    {
        _group = group;
        _workerId = workerId;
        _transport = transport;
        _launcher = launcher;
        _time = time;
        _logger = logger;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping); // a host that stops starts nobody again
        _startTimeout = options.StartTimeout;
        _stopTimeoutTicks = options.StopTimeout.Ticks;
        _policy = new RestartPolicy(group.Options.Restart, time, Random.Shared);
        _current = PeerId.Worker(group.Name, workerId, 0);
    }

    /// <summary>Completes when the id has been ready for the first time.</summary>
    public Task FirstReady => _firstReady.Task;

    /// <summary>Completes when the id is not started any more: its processes have ended too often, or it depends on a group that has no worker left.</summary>
    public Task Quarantined => _quarantined.Task;

    /// <summary>Completes when nobody has to wait for the first start any more: the id has been ready, or is quarantined.</summary>
    public Task FirstOutcome => Task.WhenAny(FirstReady, Quarantined);

    /// <summary>The current incarnation.</summary>
    public PeerId Current
    {
        get
        {
            lock (_gate)
            {
                return _current;
            }
        }
    }

    /// <summary>The process in the slot, or the last that was.</summary>
    public int ProcessId { get; private set; }

    /// <summary>What came of starting the worker, as a sentence: how often it was tried, and how the last try ended or where it is.</summary>
    public string DescribeStart()
    {
        int starts;
        bool isConnected;
        lock (_gate)
        {
            (starts, isConnected) = (_current.Incarnation, _isConnected);
        }

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
            : ProcessId == 0 ? "its process does not run yet"
            : isConnected ? $"process {ProcessId} runs and has connected, but not all of its hosted services have started"
            : $"process {ProcessId} runs and has not connected: it has not come to the start of its host, or does not call AddIpcWorkers()";
        return $"Worker {_workerId} was started {often}; {state}.";
    }

    /// <summary>Begins to keep a process in the slot.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Instead of <see cref="Start"/>: the id stays empty.</summary>
    /// <param name="reason">Why, for a sentence.</param>
    public void Abandon(string reason)
    {
        _firstFailure = reason;
        SupervisionLog.Abandoned(_logger, _current, reason);
        _transport.WorkerExited(_current, keepInbox: false);
        _quarantined.TrySetResult();
    }

    /// <summary>The control connection of this incarnation is open: a stop that came before it is passed on now.</summary>
    public void OnConnected(PeerId worker)
    {
        lock (_gate)
        {
            if (worker != _current)
            {
                return;
            }

            _isConnected = true;
        }

        if (_stop.IsCancellationRequested)
        {
            _transport.RequestStop(worker, TimeSpan.FromTicks(Volatile.Read(ref _stopTimeoutTicks)));
        }
    }

    /// <summary>The control connection says that this incarnation is ready.</summary>
    public void OnReady(PeerId worker)
    {
        lock (_gate)
        {
            if (worker != _current)
            {
                return;
            }

            _readySince = _time.GetTimestamp();
        }

        if (!_firstReady.TrySetResult())
        {
            SupervisionLog.SuccessorReady(_logger, worker, ProcessId);
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
        Process? process;
        lock (_gate)
        {
            process = _process;
        }

        if (process is not null)
        {
            _transport.RequestStop(Current, timeout);
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

    /// <summary>A successor that does not become ready is no better than one that ends. Of the first start the whole cluster's timeout takes care.</summary>
    private async Task KillWhenLateAsync(PeerId worker, CancellationToken ended)
    {
        if (worker.Incarnation == 1)
        {
            return;
        }

        await Task.Delay(_startTimeout, _time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_gate)
        {
            // Also when the watching of its process has failed meanwhile: the next one is not to pay for it.
            if (ended.IsCancellationRequested || worker != _current || _readySince is not null || _stop.IsCancellationRequested)
            {
                return;
            }

            SupervisionLog.NotReady(_logger, worker, ProcessId, _startTimeout);
            KillProcess();
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
            Terminate();
            await _running.WaitAsync(UnwindTime, late).ConfigureAwait(false);
        }
    }

    private void Terminate()
    {
        lock (_gate)
        {
            if (_process is { HasExited: false } process)
            {
                UnixSignal.Terminate(process.Id);
            }
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

    private void KillProcess()
    {
        lock (_gate)
        {
            try
            {
                _process?.Kill();
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It has ended by itself meanwhile.
                _lastFailure = $"its process could not be killed: {e.Message}";
            }
        }
    }

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

            PeerId worker = PeerId.Worker(_group.Name, _workerId, incarnation);
            lock (_gate)
            {
                _current = worker;
                _isConnected = false;
                _readySince = null;
            }

            TimeSpan? delay;
            try
            {
                delay = await RunOnceAsync(worker).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // Whatever it was: an id that nobody looks after any more would be worse.
                KillProcess();
                delay = Settle(worker);
                string reason = e.Message.TrimEnd('.');
                Remember($"it could not be started: {reason}");
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
    private TimeSpan? Settle(PeerId worker)
    {
        TimeSpan? delay = null;
        if (!_stop.IsCancellationRequested)
        {
            TimeSpan? readyFor;
            lock (_gate)
            {
                readyFor = _readySince is { } since ? _time.GetElapsedTime(since) : null;
            }

            delay = _policy.NextDelay(readyFor);
            if (_policy.IsFirst)
            {
                _firstFailure = null; // of another series
            }
        }

        _transport.WorkerExited(worker, keepInbox: delay is not null);
        return delay;
    }

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

    private async Task<TimeSpan?> RunOnceAsync(PeerId worker)
    {
        WorkerTicket ticket = _transport.ExpectWorker(worker);
        var identity = new WorkerIdentity(worker, ticket.Endpoint, ticket.Secret, Environment.ProcessId);
        Process process = await _launcher.StartAsync(WorkerCommand.StartInfo(_group, identity)).ConfigureAwait(false);
        using (process)
        {
            lock (_gate)
            {
                _process = process;
            }

            ProcessId = process.Id;
            var exited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            process.Exited += (_, _) => exited.TrySetResult();
            process.EnableRaisingEvents = true;
            _transport.SetProcessId(worker, process.Id);
            process.StandardInput.Close();
            var lastErrorLine = new LastLine();
            Task output = Task.WhenAll(
                WorkerOutput.CopyLinesAsync(process.StandardOutput.BaseStream, Console.OpenStandardOutput()),
                WorkerOutput.CopyLinesAsync(process.StandardError.BaseStream, Console.OpenStandardError(), lastErrorLine));
            using var ended = new CancellationTokenSource();
            _ = KillWhenLateAsync(worker, ended.Token);

            // Not WaitForExitAsync: with redirected output it also waits for grandchildren that keep the pipe open.
            await exited.Task.ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            string exit = ProcessExit.Describe(ProcessExit.CodeOf(process));
            lock (_gate)
            {
                _process = null;
            }

            long endedAt = _time.GetTimestamp();
            TimeSpan? delay = Settle(worker);
            DiagnosticsFiles.RemoveOf(process.Id);

            // The last lines are those that matter; a grandchild that keeps the pipe open is not waited for.
            await Task.WhenAny(output, Task.Delay(OutputTime)).ConfigureAwait(false);
            string lastWords = lastErrorLine.Text is { } line ? $", and its last line on standard error was \"{line}\"" : "";
            string failure = $"process {process.Id} {exit}{lastWords}";
            Remember(failure);
            if (delay is { } wait)
            {
                SupervisionLog.StartedAgain(_logger, worker, failure, wait);
                TimeSpan left = wait - _time.GetElapsedTime(endedAt);
                delay = left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }

            return delay;
        }
    }
}
