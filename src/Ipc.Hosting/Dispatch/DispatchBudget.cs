namespace Ipc.Dispatch;

/// <summary>
/// Counts the messages that run, for the drain, and bounds those that wait or run outside their lane: in all, and per sender so that one cannot starve the others.
/// Safe for use by several threads.
/// </summary>
internal sealed class DispatchBudget(int maxPending)
{
    private const int MinSenderQuota = 8;

    private readonly Lock _gate = new();
    private readonly List<SenderState> _held = [];
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _senderQuota = Math.Max(MinSenderQuota, maxPending / 2);
    private int _pending;
    private int _running;
    private bool _isDraining;

    /// <summary>How many messages run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many messages wait or run outside of their lane.</summary>
    public int Pending => Volatile.Read(ref _pending);

    /// <summary>Lets no message begin any more.</summary>
    /// <returns>Completes when none runs.</returns>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isDraining, true);
        }

        Interlocked.MemoryBarrier(); // pairs with the increment in TryStart: it sees that we drain, or we see that it runs
        if (Volatile.Read(ref _running) == 0)
        {
            _drained.TrySetResult();
        }

        return _drained.Task;
    }

    /// <summary>A message begins, or waits to begin.</summary>
    /// <returns>False when the process is stopping: the message stays where it is.</returns>
    public bool TryStart()
    {
        Interlocked.Increment(ref _running);
        if (!Volatile.Read(ref _isDraining))
        {
            return true;
        }

        Ended();
        return false;
    }

    /// <summary>It has ended.</summary>
    public void Ended()
    {
        if (Interlocked.Decrement(ref _running) == 0 && Volatile.Read(ref _isDraining))
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>A message is about to leave its lane.</summary>
    /// <returns>False when there is no room: its sender's lane has to stand still, and is resumed by <see cref="Release"/>.</returns>
    public bool TryReserve(SenderState sender)
    {
        lock (_gate)
        {
            if (HasRoom_NeedsLock(sender))
            {
                _pending++;
                sender.Pending++;
                return true;
            }

            if (!sender.IsHeld)
            {
                sender.IsHeld = true;
                _held.Add(sender);
            }

            return false;
        }
    }

    /// <summary>A message runs outside its lane already, so it is counted even where there is no room left.</summary>
    public void Reserve(SenderState sender)
    {
        lock (_gate)
        {
            _pending++;
            sender.Pending++;
        }
    }

    /// <summary>Whether another message of the sender may leave its lane, as far as can be told without the lock: <see cref="Reserve"/> needs no room.</summary>
    public bool HasRoom(SenderState sender) => Volatile.Read(ref _pending) < maxPending && sender.Pending < _senderQuota;

    /// <summary>A message that had left its lane has ended; lanes that stood still for want of room go on.</summary>
    public void Release(SenderState sender)
    {
        List<SenderState>? resumed = null;
        lock (_gate)
        {
            _pending--;
            sender.Pending--;
            if (_held.Count > 0 && !_isDraining)
            {
                resumed = _held.FindAll(HasRoom_NeedsLock);
                foreach (SenderState state in resumed)
                {
                    state.IsHeld = false;
                    _held.Remove(state);
                }
            }
        }

        if (resumed is not null)
        {
            foreach (SenderState state in resumed)
            {
                state.Lane.Resume();
            }
        }
    }

    private bool HasRoom_NeedsLock(SenderState sender) => _pending < maxPending && sender.Pending < _senderQuota;
}
