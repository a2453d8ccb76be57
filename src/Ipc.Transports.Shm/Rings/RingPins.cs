namespace Ipc.Transports.Rings;

/// <summary>Where frames begin that late threads still read in place: the ring's space is not given back beyond the first of them. Safe for any thread.</summary>
internal sealed class RingPins
{
    private readonly Lock _lock = new();
    private readonly List<ulong> _starts = []; // as many as late threads, so few; in their order, because the lane is read in order

    /// <summary>A frame stays, and everything behind it.</summary>
    /// <param name="start">Where its record begins, behind all others.</param>
    public void Add(ulong start)
    {
        lock (_lock)
        {
            _starts.Add(start);
        }
    }

    /// <summary>It need not stay any more.</summary>
    public void Remove(ulong start)
    {
        lock (_lock)
        {
            _starts.Remove(start);
        }
    }

    /// <summary>How far space may be given back.</summary>
    /// <param name="position">Up to where everything was read.</param>
    public ulong Limit(ulong position)
    {
        lock (_lock)
        {
            return _starts.Count == 0 ? position : _starts[0];
        }
    }
}
