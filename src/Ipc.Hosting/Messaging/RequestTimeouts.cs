namespace Ipc.Messaging;

/// <summary>Ends requests that have waited long enough. One timer for all of them, set to the earliest; none runs while nothing waits.</summary>
internal sealed class RequestTimeouts : IDisposable
{
    private readonly PendingRequestTable _table;
    private readonly Action _expiring;
    private readonly Action<PendingRequest> _expired;
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private long _scheduledFor = long.MaxValue;
    private bool _disposed;

    /// <param name="table">The waiting requests.</param>
    /// <param name="expiring">Called before requests are given up: answers that nobody has read are still answers.</param>
    /// <param name="expired">Gets each expired request, which has been taken out of the table.</param>
    public RequestTimeouts(PendingRequestTable table, Action expiring, Action<PendingRequest> expired)
    {
        _table = table;
        _expiring = expiring;
        _expired = expired;
        _timer = new Timer(static state => ((RequestTimeouts)state!).Tick(), this, Timeout.Infinite, Timeout.Infinite);
    }

    /// <summary>A request with this due time has been published, and a full fence executed since.</summary>
    public void Track(long dueAt)
    {
        if (dueAt < Volatile.Read(ref _scheduledFor))
        {
            Schedule(dueAt);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private void Schedule(long dueAt)
    {
        lock (_gate)
        {
            if (!_disposed && dueAt < _scheduledFor)
            {
                _scheduledFor = dueAt;
                _timer.Change(Math.Clamp(dueAt - Environment.TickCount64, 0, int.MaxValue), Timeout.Infinite);
            }
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            _scheduledFor = long.MaxValue;
        }

        _expiring();
        long now = Environment.TickCount64;
        foreach (PendingRequest request in _table.TakeWhere(r => r.DueAt <= now && r.IsPublished))
        {
            _expired(request);
        }

        if (_table.EarliestDue() is var next and not long.MaxValue)
        {
            Schedule(next);
        }
    }
}
