using System.Diagnostics;

namespace Ipc.Transports.Rings;

/// <content>A ring that is closed while a frame is published: whether that came in time.</content>
internal sealed partial class RingWriter
{
    private static readonly TimeSpan ClosingLook = TimeSpan.FromMilliseconds(5);

    /// <summary>How often a sender looks again before it goes on without its thread: microseconds.</summary>
    private const int ClosingSpins = 20;

    /// <summary>The ring is being closed: whether a position was published in time.</summary>
    /// <remarks>Not waited for on this thread beyond a moment: it may be the one that reads for the process, and who holds the ring can write CLOSING and nothing after it.</remarks>
    private ValueTask<long> Settle_NeedsLock(ulong position)
    {
        var spin = new SpinWait();
        for (int i = 0; i < ClosingSpins && IsClosing; i++)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        if (IsClosing)
        {
            _ring.AddUser();
            return new ValueTask<long>(SettleLaterAsync(position));
        }

        return IsAccepted(position) ? new ValueTask<long>((long)position) : Failed(Gone_NeedsLock());
    }

    private async Task<long> SettleLaterAsync(ulong position)
    {
        long since = Stopwatch.GetTimestamp();
        bool isOver = false;
        bool isAccepted;
        try
        {
            while (IsClosing && Volatile.Read(ref _broken) is null && !isOver)
            {
                await Task.Delay(ClosingLook).ConfigureAwait(false);
                isOver = Stopwatch.GetElapsedTime(since) >= _loop.Options.ClosingGrace;
            }

            isAccepted = !IsClosing && IsAccepted(position);
        }
        finally
        {
            _ring.RemoveUser();
        }

        if (isAccepted)
        {
            return (long)position;
        }

        _lock.Enter();
        try
        {
            if (isOver)
            {
                Break_NeedsLock($"its closing has not come to an end within {_loop.Options.ClosingGrace.TotalSeconds:0} s, and whether its last frame was accepted is not known");
            }

            throw Gone_NeedsLock();
        }
        finally
        {
            Exit();
        }
    }

    private bool IsClosing => Volatile.Read(ref _ring.State) == (uint)RingState.Closing;

    /// <summary>After the closing: acquire, since the final head is stored before CLOSED.</summary>
    private bool IsAccepted(ulong position) => Volatile.Read(ref _ring.State) != (uint)RingState.Closed || position <= _ring.FinalHead;
}
