using Ipc.Transports.Rings;

namespace Ipc.Transports.Broker;

/// <summary>
/// What one writer has returned of memory for large frames lately. A writer may keep what it has; one that returns and asks, and asks, would have the kernel clear page after page on the
/// control thread, which serves everybody. Control thread only.
/// </summary>
internal sealed class SegmentReturns
{
    /// <summary>How many it may return in a second and still get more.</summary>
    public const int MaxCount = 4 * FrameSegmentLayout.MaxCount;

    /// <summary>How many bytes; one larger segment is always allowed.</summary>
    public const long MaxBytes = 4 * FrameSegmentLayout.MaxBytes;

    private const int PeriodMilliseconds = 1000;

    private long _since;
    private int _count;
    private long _bytes;

    /// <summary>One was returned.</summary>
    /// <param name="length">Its size.</param>
    /// <param name="now">The time in milliseconds.</param>
    public void Add(int length, long now)
    {
        if (now - _since >= PeriodMilliseconds)
        {
            _since = now;
            _count = 0;
            _bytes = 0;
        }

        _count++;
        _bytes += length;
    }

    /// <summary>Whether it has returned so much that it gets no more for now.</summary>
    public bool AreTooMany(long now) => now - _since < PeriodMilliseconds && (_count > MaxCount || _bytes > MaxBytes);
}
