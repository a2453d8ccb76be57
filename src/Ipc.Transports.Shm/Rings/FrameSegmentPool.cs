namespace Ipc.Transports.Rings;

/// <summary>A writer's segments: which are free, whether there should be more. Used under the writer's lock, but for <see cref="HasFree"/>.</summary>
internal sealed class FrameSegmentPool
{
    private readonly TimeSpan _patience;
    private PooledSegment[] _all = [];
    private long _bytes;
    private bool _isAsked;
    private long _askedAt;
    private long _refusedUntil;

    /// <summary>Makes an empty pool.</summary>
    /// <param name="patience">How long an answer of the supervisor is waited for, and a refusal is believed.</param>
    public FrameSegmentPool(TimeSpan patience) => _patience = patience;

    /// <summary>Whether it has none and waits for none.</summary>
    public bool IsIdle => _all.Length == 0 && !_isAsked;

    /// <summary>How many there are.</summary>
    public int Count => _all.Length;

    /// <summary>Whether a frame is in one of them, or is being written into one.</summary>
    public bool AnyInUse => !Array.TrueForAll(_all, static segment => segment.IsFree);

    /// <summary>Takes the smallest free segment that is large enough. The lowest first, so that the same memory is used again.</summary>
    public PooledSegment? TryTake(int length)
    {
        PooledSegment? best = null;
        foreach (PooledSegment segment in _all)
        {
            if (segment.Capacity >= length && (best is null || segment.Capacity < best.Capacity) && segment.IsFree)
            {
                best = segment;
            }
        }

        best?.Take();
        return best;
    }

    /// <summary>Whether a frame of this length that found no free segment will get one: one comes back, or is on its way.</summary>
    public bool MayCome(int length) =>
        (_isAsked && !IsOver(_askedAt)) || Array.Exists(_all, segment => segment.Capacity >= length) || _all.Length == FrameSegmentLayout.MaxCount;

    /// <summary>Whether the supervisor is to be asked for another one; the caller does then.</summary>
    /// <param name="length">Of the frame that found none.</param>
    public bool TryAsk(int length)
    {
        int size = FrameSegmentLayout.SegmentLength(length);
        int fitting = _all.Count(segment => segment.Capacity >= length);
        bool isAllowed = _all.Length < FrameSegmentLayout.MaxCount && (fitting < 2 || _bytes + size <= FrameSegmentLayout.MaxBytes);
        if (_isAsked || !isAllowed || Environment.TickCount64 < _refusedUntil)
        {
            return false;
        }

        _isAsked = true;
        _askedAt = Environment.TickCount64;
        return true;
    }

    /// <summary>The supervisor has given one.</summary>
    public void Add(FrameSegment segment)
    {
        _isAsked = false;
        _bytes += segment.Length;
        Volatile.Write(ref _all, [.. _all, new PooledSegment(segment)]); // publishes it to the loop's thread
    }

    /// <summary>The supervisor has none.</summary>
    public void Refuse()
    {
        _isAsked = false;
        _refusedUntil = Environment.TickCount64 + (long)_patience.TotalMilliseconds;
    }

    /// <summary>Takes out what was not used since the last time.</summary>
    public IReadOnlyList<FrameSegment> TakeUnused() => Remove([.. _all.Where(static segment => segment.WasUnused())]);

    /// <summary>Makes place for a frame that no segment is large enough for, when there are as many as there may be.</summary>
    public IReadOnlyList<FrameSegment> TakeSmallest(int length)
    {
        bool isStuck = _all.Length == FrameSegmentLayout.MaxCount && !Array.Exists(_all, segment => segment.Capacity >= length);
        PooledSegment? smallest = isStuck ? _all.Where(static segment => segment.IsFree).MinBy(static segment => segment.Capacity) : null;
        return smallest is null ? [] : Remove([smallest]);
    }

    /// <summary>Takes all out: the lane has ended.</summary>
    public IReadOnlyList<FrameSegment> TakeAll() => Remove(_all);

    /// <summary>Whether a frame of this length would get one. For the loop's thread, without the lock: it unmaps them itself.</summary>
    public bool HasFree(int length)
    {
        PooledSegment[] all = Volatile.Read(ref _all);
        bool isAnyFree = false;
        bool isAnyLarge = false;
        foreach (PooledSegment segment in all)
        {
            bool isFree = segment.IsFree;
            bool isLarge = segment.Capacity >= length;
            if (isFree && isLarge)
            {
                return true;
            }

            isAnyFree |= isFree;
            isAnyLarge |= isLarge;
        }

        return isAnyFree && !isAnyLarge && all.Length == FrameSegmentLayout.MaxCount; // one that makes place for a larger one
    }

    private bool IsOver(long since) => Environment.TickCount64 - since >= (long)_patience.TotalMilliseconds;

    private FrameSegment[] Remove(PooledSegment[] segments)
    {
        if (segments.Length == 0)
        {
            return [];
        }

        Volatile.Write(ref _all, [.. _all.Except(segments)]);
        FrameSegment[] removed = [.. segments.Select(static segment => segment.Segment)];
        _bytes -= removed.Sum(static segment => (long)segment.Length);
        return removed;
    }
}
