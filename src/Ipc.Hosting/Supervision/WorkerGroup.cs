using System.Globalization;

namespace Ipc.Supervision;

/// <summary>The workers of one group: its worker ids, its standbys, and the changes that concern several of them, one at a time.</summary>
internal sealed class WorkerGroup : IDisposable
{
    private readonly SupervisionContext _context;
    private readonly StandbyPool _standbys;
    private readonly SemaphoreSlim _changing = new(1, 1); // never disposed: a change that waits would wait for ever, and it has no handle
    private readonly Dictionary<int, int> _incarnations = []; // of ids that were taken away: their numbers never begin again
    private volatile WorkerSlot[] _slots;
    private volatile bool _isStarted;

    public WorkerGroup(GroupPlan plan, SupervisionContext context)
    {
        Plan = plan;
        _context = context;
        _standbys = new StandbyPool(plan, context);
        _slots = [.. Enumerable.Range(0, plan.Count).Select(Add)];
    }

    /// <summary>What it was to be when the host started.</summary>
    public GroupPlan Plan { get; }

    /// <summary>The group's name.</summary>
    public string Name => Plan.Name;

    /// <summary>Its worker ids, in order.</summary>
    public IReadOnlyList<WorkerSlot> Slots => _slots;

    /// <summary>How many standbys could take over at once.</summary>
    public int PreparedStandbys => _standbys.PreparedCount;

    /// <summary>Begins to keep its processes; the standbys come when the workers have started.</summary>
    public void Start()
    {
        _isStarted = true;
        Array.ForEach(_slots, static s => s.Start());
        _ = StartStandbysAsync();
    }

    /// <summary>Instead of <see cref="Start"/>: its ids stay empty.</summary>
    public void Abandon(string reason) => Array.ForEach(_slots, s => s.Abandon(reason));

    /// <summary>Replaces every worker by a new process, some at a time; the first that fails ends it.</summary>
    /// <returns>Who was replaced by whom, and what went wrong.</returns>
    /// <exception cref="OperationCanceledException">The token was signalled, or the host stops; who was replaced by then stays replaced.</exception>
    public async Task<ReloadResult> ReloadAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        _context.Systemd.Reloading();
        try
        {
            IpcReloadOptions reload = Plan.Options.Reload;
            SupervisionLog.Reloading(_context.Logger, Name, _slots.Length);
            var replaced = new List<PeerId>();
            string? problem = null;
            foreach (WorkerSlot[] batch in _slots.Where(s => s.IsKept).Chunk(reload.Concurrency))
            {
                (WorkerSlot Slot, string? Problem)[] outcomes = await Task.WhenAll(batch.Select(async slot =>
                    (slot, await slot.ReplaceAsync(reload.Probation, _context.Options.StopTimeout, cancellationToken).ConfigureAwait(false)))).ConfigureAwait(false);
                replaced.AddRange(outcomes.Where(o => o.Problem is null).Select(o => o.Slot.Current));
                problem = outcomes.Where(o => o.Problem is not null)
                    .Select(o => string.Create(CultureInfo.InvariantCulture, $"Worker {Name}/{o.Slot.WorkerId} was not replaced: {o.Problem}")).FirstOrDefault();
                if (problem is not null)
                {
                    break;
                }
            }

            bool isStopping = _context.Stopping.IsCancellationRequested;
            if (replaced.Count < _slots.Length && (isStopping || cancellationToken.IsCancellationRequested))
            {
                SupervisionLog.ReloadGivenUp(_context.Logger, Name, isStopping ? "the host stops" : "who asked for it has given it up", replaced.Count, _slots.Length);
                cancellationToken.ThrowIfCancellationRequested();
            }
            else if (problem is null)
            {
                SupervisionLog.Reloaded(_context.Logger, Name, replaced.Count);
            }
            else
            {
                SupervisionLog.ReloadFailed(_context.Logger, Name, replaced.Count, _slots.Length, problem);
            }

            var result = new ReloadResult(Name, replaced, problem);
            _context.Events.Reloaded(result);
            return result;
        }
        finally
        {
            _context.Systemd.Reloaded();
            _changing.Release();
        }
    }

    /// <summary>Replaces one worker, unless another has its id meanwhile.</summary>
    /// <returns>Nothing; or why it was not replaced, as a sentence's part.</returns>
    /// <exception cref="OperationCanceledException">The token was signalled before its turn came, or the host stops.</exception>
    public async Task<string?> ReplaceAsync(WorkerSlot slot, WorkerRun run, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return slot.Run == run
                ? await slot.ReplaceAsync(Plan.Options.Reload.Probation, _context.Options.StopTimeout, cancellationToken).ConfigureAwait(false)
                : null;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Makes the group larger or smaller. New workers are started, and are ready when this completes; those with the highest ids are taken away when they have worked off their inboxes.</summary>
    /// <exception cref="OperationCanceledException">The token was signalled before the change began, or the host stops.</exception>
    public async Task ScaleAsync(int count, CancellationToken cancellationToken)
    {
        await EnterAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            WorkerSlot[] before = _slots;
            if (count == before.Length)
            {
                return;
            }

            SupervisionLog.Scaling(_context.Logger, Name, before.Length, count);
            if (count > before.Length)
            {
                WorkerSlot[] added = [.. Enumerable.Range(before.Length, count - before.Length).Select(Add)];
                _slots = [.. before, .. added];
                if (!_isStarted)
                {
                    return; // they start with the others
                }

                Array.ForEach(added, static s => s.Start());
                await Task.WhenAll(added.Select(s => s.FirstOutcome)).WaitAsync(cancellationToken).ConfigureAwait(false);
                return;
            }

            WorkerSlot[] removed = before[count..];
            await Task.WhenAll(removed.Select(s => s.StopAsync(_context.Options.StopTimeout, CancellationToken.None))).ConfigureAwait(false);
            _slots = before[..count];
            foreach (WorkerSlot slot in removed)
            {
                _incarnations[slot.WorkerId] = slot.Incarnations;
                slot.Forget();
                slot.Dispose();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops all of them, standbys last: should a worker die over its inbox, one of them reads on.</summary>
    public async Task StopAsync(TimeSpan timeout, CancellationToken hurry)
    {
        try
        {
            await Task.WhenAll(_slots.Select(s => s.StopAsync(timeout, hurry))).ConfigureAwait(false);
        }
        finally
        {
            await _standbys.StopAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends all of them without asking.</summary>
    /// <param name="because">Why, as a sentence's part.</param>
    public void Kill(string because)
    {
        Array.ForEach(_slots, s => s.Kill(because));
        _standbys.Kill(because);
    }

    public void Dispose()
    {
        Array.ForEach(_slots, static s => s.Dispose());
        _standbys.Dispose();
    }

    /// <summary>A control connection is open.</summary>
    public void OnConnected(PeerId worker)
    {
        if (worker.IsStandby)
        {
            _standbys.OnConnected(worker);
        }
        else
        {
            Find(worker)?.OnConnected(worker);
        }
    }

    /// <summary>A worker most likely dies now. Of a standby its exit tells soon enough.</summary>
    public void OnDying(PeerId worker) => Find(worker)?.OnDying(worker);

    /// <summary>A process without a worker id has come as far as it can.</summary>
    public void OnPrepared(PeerId worker, bool isReady)
    {
        if (worker.IsStandby)
        {
            _standbys.OnPrepared(worker, isReady);
        }
        else
        {
            Find(worker)?.OnPrepared(worker, isReady);
        }
    }

    /// <summary>A worker says that it is ready.</summary>
    public void OnReady(PeerId worker) => Find(worker)?.OnReady(worker);

    /// <summary>Waits for the turn of a change. None begins when the host stops.</summary>
    private async Task EnterAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (_context.Stopping.IsCancellationRequested)
        {
            _changing.Release();
            throw new OperationCanceledException("The host stops: its workers are not changed any more.", _context.Stopping);
        }
    }

    private WorkerSlot? Find(PeerId worker) => Array.Find(_slots, s => s.WorkerId == worker.WorkerId);

    private WorkerSlot Add(int id)
    {
        _context.Transport.AddSlot(Name, id);
        return new WorkerSlot(Plan, id, _incarnations.GetValueOrDefault(id), _standbys, _context);
    }

    private async Task StartStandbysAsync()
    {
        await Task.WhenAll(_slots.Select(s => s.FirstOutcome)).ConfigureAwait(false);
        if (!_context.Stopping.IsCancellationRequested)
        {
            _standbys.Start();
        }
    }
}
