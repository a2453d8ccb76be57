using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Reads one lane on the calling thread, without a loop around it: fewer places to preempt.</summary>
internal static class LaneReading
{
    /// <summary>Takes turns, and lets others go on when there is nothing.</summary>
    /// <returns>What the last turn came to.</returns>
    public static DrainResult Until(RingReader lane, Func<bool> isEnough)
    {
        ReaderThread thread = Here();
        while (true)
        {
            DrainResult result = lane.Drain(thread, 64);
            if (isEnough() || result is DrainResult.Drained or DrainResult.Faulted)
            {
                return result;
            }

            Explorer.Yield();
        }
    }

    /// <summary>The calling thread as one that delivers frames.</summary>
    public static ReaderThread Here() => new(canBeRelieved: false) { ManagedId = Environment.CurrentManagedThreadId };
}
