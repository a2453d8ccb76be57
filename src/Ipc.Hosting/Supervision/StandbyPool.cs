namespace Ipc.Supervision;

/// <summary>Keeps processes of a group that have started and wait for a worker id to become free. Every method may be called from any thread.</summary>
internal sealed class StandbyPool : IDisposable
{
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeirTime = TimeSpan.FromMilliseconds(250);

    private readonly GroupPlan _group;
    private readonly SupervisionContext _context;
    private readonly CancellationTokenSource _stop;
    private readonly Lock _gate = new();
    private readonly List<WorkerRun> _runs = [];
    private Task _keeping = Task.CompletedTask;
    private int _started;

    public StandbyPool(GroupPlan group, SupervisionContext context)
    {
        _group = group;
        _context = context;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(context.Stopping);
    }

    /// <summary>How many could take over at once.</summary>
    public int PreparedCount
    {
        get
        {
            lock (_gate)
            {
                return _runs.Count(IsPrepared);
            }
        }
    }

    /// <summary>Begins to keep as many as the group's options say.</summary>
    public void Start() => _keeping = Task.WhenAll(Enumerable.Range(0, _group.Options.Standby).Select(_ => KeepAsync()));

    /// <summary>Takes one out, which is the caller's from then on; another is started in its place.</summary>
    /// <returns>Nothing when none is prepared.</returns>
    public WorkerRun? TryTake()
    {
        lock (_gate)
        {
            WorkerRun? run = _runs.Find(IsPrepared);
            if (run is not null)
            {
                _runs.Remove(run);
            }

            return run;
        }
    }

    /// <summary>A control connection is open.</summary>
    public void OnConnected(PeerId standby) => Find(standby)?.OnConnected();

    /// <summary>A standby has come as far as it can.</summary>
    public void OnPrepared(PeerId standby, bool isReady) => Find(standby)?.OnPrepared(isReady);

    /// <summary>Asks them to end, and kills those that do not.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        foreach (WorkerRun run in Snapshot())
        {
            if (IsPrepared(run))
            {
                _context.Transport.RequestStop(run.Worker, StopTime);
            }
            else
            {
                run.Kill("the cluster stops"); // it may not have come to where it could be asked
            }
        }

        await _keeping.WaitAsync(StopTime, _context.Time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Kill(WorkerRun.TimeIsOver);
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Ends them without asking.</summary>
    /// <param name="because">Why, as a sentence's part.</param>
    public void Kill(string because)
    {
        _stop.Cancel();
        Array.ForEach(Snapshot(), run => run.Kill(because));
    }

    public void Dispose()
    {
        Kill(WorkerRun.SupervisorEnds);
        _stop.Dispose();
    }

    private static bool IsPrepared(WorkerRun run) => run.Prepared.IsCompleted && !run.HasEnded;

    private WorkerRun[] Snapshot()
    {
        lock (_gate)
        {
            return [.. _runs];
        }
    }

    private WorkerRun? Find(PeerId standby) => Array.Find(Snapshot(), run => run.Worker == standby);

    /// <summary>Keeps one standby: when it has taken an id over, or has ended, the next is started.</summary>
    private async Task KeepAsync()
    {
        var policy = new RestartPolicy(_group.Options.Restart, _context.Time, Random.Shared);
        while (!_stop.IsCancellationRequested)
        {
            var run = new WorkerRun(PeerId.Standby(_group.Name, Interlocked.Increment(ref _started)), isHeld: true, _group, _context);
            PeerId standby = run.Worker;
            lock (_gate)
            {
                _runs.Add(run);
            }

            string? failure = await RunAsync(run).ConfigureAwait(false);
            if (failure is null || _stop.IsCancellationRequested)
            {
                // It works now, and has the processors to itself while it begins to: a start takes them for half a second.
                await Task.Delay(HeirTime, _context.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                continue;
            }

            if (policy.NextDelay(run.ReadyFor) is not { } delay)
            {
                SupervisionLog.StandbyQuarantined(_context.Logger, standby, failure, $"{_group.Option}:Restart");
                return;
            }

            SupervisionLog.StandbyEnded(_context.Logger, standby, failure, delay);
            await Task.Delay(delay, _context.Time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One standby from its start until it has taken an id over or has ended.</summary>
    /// <returns>How it has ended; nothing when it has taken an id over.</returns>
    private async Task<string?> RunAsync(WorkerRun run)
    {
        PeerId standby = run.Worker;
        try
        {
            await run.StartAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Remove(run);
            _context.Transport.WorkerExited(standby, keepInbox: true);
            return $"it could not be started: {e.Message.TrimEnd('.')}";
        }

        if (!await run.IsInTimeAsync(run.Prepared, _context.Options.StartTimeout, _stop.Token).ConfigureAwait(false))
        {
            SupervisionLog.NotReady(_context.Logger, standby, run.ProcessId, _context.Options.StartTimeout, run.NotReadyBecause);
            run.Kill("it was not ready in time");
        }
        else if (IsPrepared(run))
        {
            SupervisionLog.StandbyPrepared(_context.Logger, standby, run.ProcessId);
        }

        await Task.WhenAny(run.HasId, run.WaitForEndAsync()).ConfigureAwait(false);
        if (!Remove(run))
        {
            return null; // somebody has taken it, and looks after it
        }

        _context.Transport.WorkerExited(standby, keepInbox: true);
        WorkerExited exit = await run.DescribeEndAsync(_stop.IsCancellationRequested, () => _stop.IsCancellationRequested ? WorkerExitOutcome.Stopped : WorkerExitOutcome.Dropped, null).ConfigureAwait(false);
        _context.Events.Exited(exit);
        return ExitWords.Describe(exit);
    }

    private bool Remove(WorkerRun run)
    {
        lock (_gate)
        {
            return _runs.Remove(run);
        }
    }
}
