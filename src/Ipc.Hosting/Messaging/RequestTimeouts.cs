namespace Ipc.Messaging;

/// <summary>Ends requests that have waited long enough. One timer for all of them, set to the earliest; none runs while nothing waits.</summary>
internal sealed class RequestTimeouts : IDisposable
{
    /// <summary>How often the end of a request is put off, a millisecond each, while another thread reads answers: it may be reading this one's.</summary>
    internal const int MostPostponements = 50;

    private readonly PendingRequestTable _table;
    private readonly Func<bool> _readAnswers;
    private readonly Action<PendingRequest> _expired;
    private readonly Lock _gate = new();
    private readonly Timer _timer;
    private long _scheduledFor = long.MaxValue;
    private bool _disposed;
    private int _postponements;

    /// <param name="table">The waiting requests.</param>
    /// <param name="readAnswers">Called before requests are given up: answers that nobody has read are still answers. Tells whether all of those have been read that had arrived.</param>
    /// <param name="expired">Gets each expired request, which has been taken out of the table.</param>
    public RequestTimeouts(PendingRequestTable table, Func<bool> readAnswers, Action<PendingRequest> expired)
    {
        _table = table;
        _readAnswers = readAnswers;
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

        long now = Environment.TickCount64;
        if (!_readAnswers() && Interlocked.Increment(ref _postponements) <= MostPostponements)
        {
            Schedule(now + 1);
            return;
        }

        Volatile.Write(ref _postponements, 0);
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
