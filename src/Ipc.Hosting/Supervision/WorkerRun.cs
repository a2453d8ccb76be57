using System.ComponentModel;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>One incarnation of a worker from its start to its end: its process, and how far it has come. Every member may be called from any thread.</summary>
internal sealed class WorkerRun(PeerId worker, GroupPlan group, TimeProvider time, WorkerEvents events, HangWatch hangs, OomKills oomKills, ILogger logger)
{
    private const int SigKill = 9;

    private readonly Lock _gate = new();
    private readonly WorkerRemains _remains = events.Expect(worker);
    private IWorkerProcess? _process;
    private long? _readySince;
    private long _startedAt;
    private TimeSpan _ranFor;
    private string? _oomCounter;
    private string? _killedBecause;

    /// <summary>Which incarnation.</summary>
    public PeerId Worker => worker;

    /// <summary>Its process; 0 before there is one.</summary>
    public int ProcessId { get; private set; }

    /// <summary>Whether it has connected.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>For how long it has been ready; nothing when it never was.</summary>
    public TimeSpan? ReadyFor
    {
        get
        {
            lock (_gate)
            {
                return _readySince is { } since ? time.GetElapsedTime(since) : null;
            }
        }
    }

    /// <summary>Starts the process.</summary>
    /// <param name="launcher">Starts processes.</param>
    /// <param name="transport">Expects the worker from here on.</param>
    /// <returns>Completes when the process runs.</returns>
    /// <exception cref="Exception">As the launcher throws.</exception>
    public async Task StartAsync(IWorkerLauncher launcher, SupervisorTransport transport)
    {
        WorkerTicket ticket = transport.ExpectWorker(worker, group.OtherUser?.Id);
        IWorkerProcess process = await launcher
            .StartAsync(group, new WorkerIdentity(worker, ticket.Endpoint, ticket.Secret, Environment.ProcessId)).ConfigureAwait(false);
        _startedAt = time.GetTimestamp();
        string? killedBecause;
        lock (_gate)
        {
            _process = process;
            ProcessId = process.Id;
            killedBecause = _killedBecause;
        }

        transport.SetProcessId(worker, process.Id);
        _oomCounter = oomKills.Find(process.Id);
        events.Started(worker, process.Id);
        if (killedBecause is not null)
        {
            Kill(killedBecause); // while it was being started
        }
    }

    /// <summary>Completes when the process has ended. Only after <see cref="StartAsync"/>.</summary>
    public async Task WaitForEndAsync()
    {
        await _process!.Exited.ConfigureAwait(false);
        hangs.Forget(worker);
        _ranFor = time.GetElapsedTime(_startedAt);
    }

    /// <summary>How the process has ended and what with it, once the transport has accounted for that. To be asked once, at the end.</summary>
    /// <param name="outcome">What happens next.</param>
    /// <param name="delay">When a successor is started.</param>
    public async Task<WorkerExited> DescribeEndAsync(WorkerExitOutcome outcome, TimeSpan? delay)
    {
        IWorkerProcess process = _process!;
        DiagnosticsFiles.RemoveOf(process.Id);
        string? lastWords = await process.ReadLastWordsAsync().ConfigureAwait(false);
        int? signal = ProcessExit.SignalOf(process.ExitCode);
        string? dump = DumpFile.PathOf(group, worker, process.Id);
        var exit = new WorkerExited
        {
            Worker = worker,
            ProcessId = process.Id,
            ExitCode = process.ExitCode < 0 ? null : process.ExitCode,
            Signal = signal,
            Reason = ProcessExit.Describe(process.ExitCode) + WhyKilled(signal),
            WasAskedFor = outcome == WorkerExitOutcome.Stopped,
            WasReady = ReadyFor is not null,
            RanFor = _ranFor,
            Running = await _remains.WhenSettledAsync().ConfigureAwait(false),
            Lost = _remains.Lost,
            Outcome = outcome,
            RestartDelay = delay ?? TimeSpan.Zero,
            LastErrorLine = lastWords,
            DumpFile = File.Exists(dump) ? dump : null,
        };
        events.Forget(worker);
        process.Dispose();
        return exit;
    }

    /// <summary>Instead of <see cref="DescribeEndAsync"/>: there has been no process.</summary>
    /// <param name="reason">Why, in words.</param>
    /// <param name="outcome">What happens next.</param>
    /// <param name="delay">When it is tried again.</param>
    public WorkerExited DescribeFailedStart(string reason, WorkerExitOutcome outcome, TimeSpan? delay)
    {
        events.Forget(worker);
        return new WorkerExited
        {
            Worker = worker,
            ProcessId = ProcessId,
            Reason = reason,
            WasAskedFor = outcome == WorkerExitOutcome.Stopped,
            Lost = _remains.Lost,
            Outcome = outcome,
            RestartDelay = delay ?? TimeSpan.Zero,
        };
    }

    /// <summary>Its control connection is open.</summary>
    public void OnConnected() => IsConnected = true;

    /// <summary>It says that it is ready.</summary>
    public void OnReady()
    {
        lock (_gate)
        {
            _readySince ??= time.GetTimestamp();
        }

        hangs.Watch(worker, ProcessId, group, because => Kill(because));
        events.Ready(worker, ProcessId);
    }

    /// <summary>Kills the process when it is not ready in time. Only after <see cref="StartAsync"/>.</summary>
    /// <param name="timeout">How long it may take, from now.</param>
    /// <param name="stopping">Nobody is late any more.</param>
    public async Task KillWhenLateAsync(TimeSpan timeout, CancellationToken stopping)
    {
        Task exited = _process!.Exited;
        await exited.WaitAsync(timeout, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!exited.IsCompleted && !stopping.IsCancellationRequested && ReadyFor is null)
        {
            SupervisionLog.NotReady(logger, worker, ProcessId, timeout);
            Kill("it was not ready in time");
        }
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
            : oomKills.Explain(_oomCounter) ? ", by the kernel, because memory ran out"
            : "";
    }
}
