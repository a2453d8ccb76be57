using System.ComponentModel;
using Ipc.Processes;
using Ipc.Transports;

namespace Ipc.Supervision;

/// <summary>One incarnation of a worker from its start to its end: its process, and how far it has come. Every member may be called from any thread.</summary>
/// <remarks>One that is held runs its program without a worker id, until it takes over the one of a predecessor that has ended.</remarks>
internal sealed class WorkerRun
{
    /// <summary>Why the supervisor kills a process that has not ended in the time that it had.</summary>
    public const string TimeIsOver = "its time was over";

    /// <summary>The same, when nobody wants to wait for it.</summary>
    public const string IsHurried = "it was told to stop once more";

    /// <summary>The same, when the supervisor does not come to an orderly stop, or is done with one.</summary>
    public const string SupervisorEnds = "it ends itself";

    private const int SigAbort = 6;
    private const int SigKill = 9;

    private readonly bool _isHeld;
    private readonly GroupPlan _group;
    private readonly SupervisionContext _context;
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _hasId = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<IWorkerProcess> _launched = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PeerId _worker;
    private WorkerRemains _remains;
    private IWorkerProcess? _process;
    private long? _readySince;
    private long _startedAt;
    private TimeSpan _ranFor;
    private string? _oomCounter;
    private string? _killedBecause;

    /// <summary>Makes one that has not been started.</summary>
    public WorkerRun(PeerId announced, bool isHeld, GroupPlan group, SupervisionContext context)
    {
        Announced = announced;
        _worker = announced;
        _isHeld = isHeld;
        _group = group;
        _context = context;
        _remains = context.Events.Expect(announced);
    }

    /// <summary>What it was announced as, before it took a worker id over.</summary>
    public PeerId Announced { get; }

    /// <summary>Which incarnation it is, or will be; a standby until it has an id.</summary>
    public PeerId Worker
    {
        get
        {
            lock (_gate)
            {
                return _worker;
            }
        }
    }

    /// <summary>Why it may not be ready, as a sentence's part.</summary>
    public string NotReadyBecause => IsConnected ? _group.NotReadyBecause : "it has not connected";

    /// <summary>Its process; 0 before there is one.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether it has connected.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether it was asked to make place for its successor: its end is no failure.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>Completes when it could take a worker id over: it is ready, or wants to send. Not when it has ended before.</summary>
    public Task Prepared => _prepared.Task;

    /// <summary>Completes when it has been ready.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when it, who was held, has taken a worker id over.</summary>
    public Task HasId => _hasId.Task;

    /// <summary>Whether the process has ended.</summary>
    public bool HasEnded => _process is { Dead.IsCompleted: true };

    /// <summary>For how long it has been ready; nothing when it never was.</summary>
    public TimeSpan? ReadyFor
    {
        get
        {
            lock (_gate)
            {
                return _readySince is { } since ? _context.Time.GetElapsedTime(since) : null;
            }
        }
    }

    /// <summary>Starts the process. The transport expects it from here on.</summary>
    /// <returns>Completes when the process runs.</returns>
    /// <exception cref="Exception">As the launcher throws.</exception>
    public async Task StartAsync()
    {
        SupervisorTransport transport = _context.Transport;
        WorkerTicket ticket = _isHeld ? transport.ExpectHeld(Announced, _group.OtherUser?.Id) : transport.ExpectWorker(Announced, _group.OtherUser?.Id);
        IWorkerProcess process;
        try
        {
            process = await _context.Launcher
                .StartAsync(_group, new WorkerIdentity(Announced, ticket.Endpoint, ticket.Secret, Environment.ProcessId)).ConfigureAwait(false);
        }
        catch
        {
            _launched.TrySetCanceled();
            throw;
        }

        _startedAt = _context.Time.GetTimestamp();
        string? killedBecause;
        lock (_gate)
        {
            _process = process;
            ProcessId = process.Id;
            killedBecause = _killedBecause;
        }

        _launched.TrySetResult(process);
        transport.SetProcessId(Announced, process.Id);
        _oomCounter = _context.OomKills.Find(process.Id);
        _context.Events.Started(Announced, process.Id);
        if (killedBecause is not null)
        {
            Kill(killedBecause); // while it was being started
        }
    }

    /// <summary>Takes over the worker id of a predecessor whose end has been reported, with what waits in its inbox.</summary>
    /// <returns>False when it has ended: it is what it was announced as.</returns>
    public bool TryTakeOver(PeerId worker)
    {
        WorkerRemains remains = _context.Events.Expect(worker); // before it can leave any
        lock (_gate)
        {
            _worker = worker;
            _readySince = _readySince is null ? null : _context.Time.GetTimestamp(); // its waiting is no work
        }

        bool hasTakenOver = _context.Transport.GiveId(Announced, worker);
        if (worker != Announced)
        {
            _context.Events.Forget(hasTakenOver ? Announced : worker);
        }

        if (!hasTakenOver)
        {
            lock (_gate)
            {
                _worker = Announced;
            }

            return false;
        }

        _remains = remains;
        _hasId.TrySetResult();
        return true;
    }

    /// <summary>Completes when nothing of the process can run any more.</summary>
    /// <exception cref="OperationCanceledException">It could not be started.</exception>
    public async Task WaitForEndAsync()
    {
        IWorkerProcess process = await _launched.Task.ConfigureAwait(false);
        await process.Dead.ConfigureAwait(false);
        _context.Hangs.Forget(Worker);
        _ranFor = _context.Time.GetElapsedTime(_startedAt);
    }

    /// <summary>How the process has ended and what with it, once the kernel has told and the transport has accounted for that. To be asked once, at the end.</summary>
    /// <param name="wasAskedFor">Whether it had been told to end.</param>
    /// <param name="outcomeNow">What happens next: a stop may begin meanwhile.</param>
    /// <param name="delay">When a successor is started, if one is.</param>
    public async Task<WorkerExited> DescribeEndAsync(bool wasAskedFor, Func<WorkerExitOutcome> outcomeNow, TimeSpan? delay)
    {
        IWorkerProcess process = _process!;
        PeerId worker = Worker;
        await process.Exited.ConfigureAwait(false);
        LastWords lastWords = await process.ReadLastWordsAsync().ConfigureAwait(false);
        int? signal = ProcessExit.SignalOf(process.ExitCode);
        string? dump = DumpFile.PathOf(_group, Announced, process.Id);
        bool hasTouchedMessages = !_isHeld || HasId.IsCompleted;
        IReadOnlyList<ActionCount> running = hasTouchedMessages ? await _remains.WhenSettledAsync().ConfigureAwait(false) : [];
        WorkerExitOutcome outcome = outcomeNow();
        var exit = new WorkerExited
        {
            Worker = worker,
            ProcessId = process.Id,
            ExitCode = process.ExitCode < 0 ? null : process.ExitCode,
            Signal = signal,
            Reason = ProcessExit.Describe(process.ExitCode) + WhyKilled(signal),
            WasAskedFor = wasAskedFor,
            WasReady = ReadyFor is not null,
            RanFor = _ranFor,
            Running = running,
            Lost = _remains.Lost,
            Outcome = outcome,
            RestartDelay = outcome == WorkerExitOutcome.Restarted && delay is { } untilNext ? untilNext : TimeSpan.Zero,
            LastErrorLine = lastWords.ErrorLine,
            LoggedError = signal is null or SigAbort ? lastWords.LoggedError : null, // else somebody else has ended it
            DumpFile = File.Exists(dump) ? dump : null,
        };
        _context.Events.Forget(worker);
        process.Dispose();
        return exit;
    }

    /// <summary>Instead of <see cref="DescribeEndAsync"/>: there has been no process.</summary>
    /// <param name="reason">Why, in words.</param>
    /// <param name="outcome">What happens next.</param>
    /// <param name="delay">When it is tried again.</param>
    public WorkerExited DescribeFailedStart(string reason, WorkerExitOutcome outcome, TimeSpan? delay)
    {
        _context.Events.Forget(Worker);
        return new WorkerExited
        {
            Worker = Worker,
            ProcessId = ProcessId,
            Reason = reason,
            WasAskedFor = outcome == WorkerExitOutcome.Stopped,
            Lost = _remains.Lost,
            Outcome = outcome,
            RestartDelay = delay ?? TimeSpan.Zero,
        };
    }

    /// <summary>One of its threads has ended that lives as long as the process.</summary>
    public void OnDying() => _process?.OnDying();

    /// <summary>Its control connection is open.</summary>
    public void OnConnected() => IsConnected = true;

    /// <summary>It says that it is ready, or was so when it took its id over.</summary>
    /// <param name="isWatched">Whether it is to be watched for hangs.</param>
    public void OnReady(bool isWatched)
    {
        OnPrepared(isReady: true);
        if (isWatched)
        {
            _context.Hangs.Watch(Worker, ProcessId, _group, because => Kill(because));
        }

        _context.Events.Ready(Worker, ProcessId);
    }

    /// <summary>It, who is held, is ready, or cannot go on without a worker id.</summary>
    public void OnPrepared(bool isReady)
    {
        if (isReady)
        {
            lock (_gate)
            {
                _readySince ??= _context.Time.GetTimestamp();
            }

            _ready.TrySetResult();
        }

        _prepared.TrySetResult();
    }

    /// <summary>Kills the process when it is not ready in time. Only after <see cref="StartAsync"/>.</summary>
    /// <param name="timeout">How long it may take, from now.</param>
    /// <param name="stopping">Nobody is late any more.</param>
    public async Task KillWhenLateAsync(TimeSpan timeout, CancellationToken stopping)
    {
        if (!await IsInTimeAsync(_ready.Task, timeout, stopping).ConfigureAwait(false))
        {
            SupervisionLog.NotReady(_context.Logger, Worker, ProcessId, timeout, NotReadyBecause);
            Kill("it was not ready in time");
        }
    }

    /// <summary>Waits, for a time, for something that the process is to do.</summary>
    /// <returns>False when the time is over; true when it has done it, has ended, or <paramref name="stopping"/> was signalled.</returns>
    public async Task<bool> IsInTimeAsync(Task what, TimeSpan timeout, CancellationToken stopping)
    {
        Task either = Task.WhenAny(what, WaitForEndAsync());
        await either.WaitAsync(timeout, _context.Time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return what.IsCompleted || either.IsCompleted || stopping.IsCancellationRequested;
    }

    /// <summary>Asks the process to end, by SIGTERM where there is that.</summary>
    public void Terminate()
    {
        IWorkerProcess? process;
        lock (_gate)
        {
            process = _process;
        }

        process?.Terminate();
    }

    /// <summary>Ends the process without asking, or as soon as it has started.</summary>
    /// <param name="because">Why, as a sentence's part.</param>
    /// <returns>Nothing, or why it could not be killed, as a sentence's part.</returns>
    public string? Kill(string because)
    {
        IWorkerProcess? process;
        lock (_gate)
        {
            _killedBecause ??= because;
            process = _process;
        }

        try
        {
            process?.Kill();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return $"its process could not be killed: {e.Message}";
        }
    }

    private string WhyKilled(int? signal)
    {
        string? because;
        lock (_gate)
        {
            because = _killedBecause;
        }

        return signal != SigKill ? ""
            : because is not null ? $" by the supervisor, because {because}"
            : _oomCounter is null ? $" ({OomKills.NotCounted})"
            : _context.OomKills.Explain(_oomCounter) ? ", by the kernel, because memory ran out"
            : "";
    }
}
