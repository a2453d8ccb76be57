using System.Numerics;

namespace Ipc.Benchmarks.Measuring;

/// <summary>Counts times in buckets that are at most 1/128 of their value wide, so that any number of them costs no memory while measuring.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int PerPower = 1 << Bits;

    private readonly long[] _buckets = new long[(64 - Bits) * PerPower];

    /// <summary>How many were counted.</summary>
    public long Count { get; private set; }

    /// <summary>Counts one.</summary>
    public void Add(long ticks)
    {
        _buckets[IndexOf(Math.Max(0, ticks))]++;
        Count++;
    }

    /// <summary>The value below or at which so many of 1,000 are; the middle of its bucket.</summary>
    public double PerMille(int share)
    {
        long rank = Math.Max(1, (Count * share + 999) / 1000);
        long seen = 0;
        for (int i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= rank)
            {
                return (LowerBound(i) + LowerBound(i + 1) - 1) / 2.0;
            }
        }

        return 0;
    }

    private static int IndexOf(long ticks)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ticks | 1) - Bits);
        return (shift << Bits) + (int)(ticks >> shift);
    }

    private static long LowerBound(int index)
    {
        // Values below two powers stand in buckets of their own; index and shift overlap by one power from there on.
        int shift = Math.Max(0, (index >> Bits) - 1);
        return (long)(index - (shift << Bits)) << shift;
    }
}
