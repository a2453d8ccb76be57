using System.Diagnostics;
using Ipc.Transports.Interop;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <summary>
/// How long to look before sleeping: a few pauses, then yields while they return fast. A yield that is slow has given a whole slice to a busy neighbour, which a
/// wake-up would have preempted: after two slow ones sleep at once for a while, doubling, and try again by time.
/// </summary>
/// <remarks>For one thread at a time.</remarks>
internal sealed class AdaptiveSpin
{
    private const int SlowWindow = 64;
    private const int LeastYields = 16;
    private static readonly long SlowYield = Stopwatch.Frequency * 3 / 10_000; // 0.3 ms
    private static readonly long FirstRest = Stopwatch.Frequency / 50; // 20 ms
    private static readonly long LongestRest = Stopwatch.Frequency * 4; // trying again costs two slices of the neighbours: with this, less than a hundredth of the time

    private readonly int _pauses;
    private readonly int _maxYields;
    private int _yields;
    private int _slow;
    private int _sinceSlow;
    private long _rest = FirstRest;
    private long _restUntil;

    /// <summary>Makes it.</summary>
    /// <param name="pauses">How many times to look with a pause before each.</param>
    /// <param name="maxYields">How many times to yield after that, at most. Both 0: never looks.</param>
    public AdaptiveSpin(int pauses, int maxYields)
    {
        _pauses = pauses;
        _maxYields = maxYields;
        _yields = maxYields;
    }

    /// <summary>Whether looking is allowed now.</summary>
    public bool IsOn => (_pauses | _maxYields) != 0 && (_restUntil == 0 || Stopwatch.GetTimestamp() >= _restUntil);

    /// <summary>Looks for something to do.</summary>
    /// <typeparam name="TState">What <paramref name="isReady"/> needs, so that it captures nothing.</typeparam>
    /// <param name="state">Its argument.</param>
    /// <param name="isReady">Cheap; true ends the looking.</param>
    /// <returns>Whether something was found; otherwise sleep.</returns>
    public bool TryWait<TState>(TState state, Func<TState, bool> isReady)
    {
        if (!IsOn)
        {
            return false;
        }

        for (int i = 0; i < _pauses; i++)
        {
            if (isReady(state))
            {
                return true;
            }

            Thread.SpinWait(1);
        }

        long before = Stopwatch.GetTimestamp();
        for (int i = 0; i < _yields; i++)
        {
            _ = Libc.Yield();
            if (isReady(state))
            {
                _yields = Math.Min(_maxYields, _yields * 2);
                return true;
            }

            long now = Stopwatch.GetTimestamp();
            if (!IsStillFast(now - before, now))
            {
                return false;
            }

            before = now;
        }

        _yields = Math.Max(Math.Min(LeastYields, _maxYields), _yields / 2);
        return false;
    }

    private bool IsStillFast(long elapsed, long now)
    {
        if (elapsed <= SlowYield)
        {
            if (++_sinceSlow >= SlowWindow)
            {
                _slow = 0;
                _rest = _restUntil == 0 ? _rest : FirstRest;
            }

            return true;
        }

        _sinceSlow = 0;
        if (++_slow < 2)
        {
            return true;
        }

        _slow = 0;
        _restUntil = now + _rest;
        _rest = Math.Min(_rest * 2, LongestRest);
        return false;
    }
}
