namespace Ipc.Messaging;

/// <summary>The requests of this peer that wait for an answer, found by their correlation without hashing. Thread-safe.</summary>
/// <remarks>A correlation is a running number and the row of the table: an answer that comes after its request was given up finds another number in the row.</remarks>
internal sealed class PendingRequestTable
{
    private const int SlotBits = 20;
    private const int MaxRequests = (1 << SlotBits) - 1;
    private const long SlotMask = MaxRequests;

    private readonly Lock _gate = new();
    private PendingRequest?[] _requests = new PendingRequest?[64];
    private int[] _free;
    private int _freeCount;
    private long _sequence;

    public PendingRequestTable()
    {
        _free = [];
        GrowFree_NeedsLock(0, _requests.Length);
    }

    /// <summary>A number for a message that expects no answer; never the correlation of a request.</summary>
    public long NextMessageId() => (Interlocked.Increment(ref _sequence) << SlotBits) | SlotMask;

    /// <summary>Adds a request and gives it its correlation.</summary>
    /// <exception cref="InvalidOperationException">More than a million requests wait.</exception>
    public void Add(PendingRequest request)
    {
        lock (_gate)
        {
            if (_freeCount == 0)
            {
                Grow_NeedsLock();
            }

            int slot = _free[--_freeCount];
            request.Correlation = (Interlocked.Increment(ref _sequence) << SlotBits) | (long)slot;
            _requests[slot] = request;
        }
    }

    /// <summary>Takes out the request with a correlation that came from outside.</summary>
    /// <param name="correlation">The correlation: a number that others can guess.</param>
    /// <param name="answeredBy">Who answers; only a request that went to it is taken. <see langword="null"/> when this process itself asks.</param>
    /// <returns><see langword="null"/> when it is no longer waited for.</returns>
    public PendingRequest? Take(long correlation, PeerId? answeredBy = null)
    {
        long slot = correlation & SlotMask;
        lock (_gate)
        {
            if (slot >= _requests.Length || _requests[slot] is not { } request || request.Correlation != correlation
                || (answeredBy is { } peer && !request.Peer.IsSameSlot(peer)))
            {
                return null;
            }

            Free_NeedsLock((int)slot);
            return request;
        }
    }

    /// <summary>Takes out every request that satisfies a condition.</summary>
    public List<PendingRequest> TakeWhere(Func<PendingRequest, bool> condition)
    {
        var taken = new List<PendingRequest>();
        lock (_gate)
        {
            for (int slot = 0; slot < _requests.Length; slot++)
            {
                if (_requests[slot] is { } request && condition(request))
                {
                    Free_NeedsLock(slot);
                    taken.Add(request);
                }
            }
        }

        return taken;
    }

    /// <summary>The earliest due time of all that have been published; <see cref="long.MaxValue"/> when none is due ever.</summary>
    public long EarliestDue()
    {
        long earliest = long.MaxValue;
        lock (_gate)
        {
            foreach (PendingRequest? request in _requests)
            {
                if (request is { IsPublished: true })
                {
                    earliest = Math.Min(earliest, request.DueAt);
                }
            }
        }

        return earliest;
    }

    private void Free_NeedsLock(int slot)
    {
        _requests[slot] = null;
        _free[_freeCount++] = slot;
    }

    private void Grow_NeedsLock()
    {
        int old = _requests.Length;
        if (old >= MaxRequests)
        {
            throw new InvalidOperationException($"{old} requests of this process wait for their answers; no more are possible.");
        }

        int size = Math.Min(old * 2, MaxRequests);
        Array.Resize(ref _requests, size);
        GrowFree_NeedsLock(old, size);
    }

    private void GrowFree_NeedsLock(int from, int to)
    {
        Array.Resize(ref _free, to);
        for (int slot = to - 1; slot >= from; slot--)
        {
            _free[_freeCount++] = slot;
        }
    }
}
