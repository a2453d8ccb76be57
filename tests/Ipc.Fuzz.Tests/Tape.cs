namespace Ipc.Fuzz.Tests;

/// <summary>Chance that is written down: a few bytes for each choice, from a tape that can be bent; zeros behind its end, so that every tape comes to one.</summary>
internal sealed class Tape(byte[] bytes) : Random(0)
{
    /// <summary>How much of it was read.</summary>
    public int Position { get; private set; }

    public override int Next() => Next(int.MaxValue);

    public override int Next(int maxValue) => (int)Below((ulong)maxValue);

    public override int Next(int minValue, int maxValue) => (int)(minValue + (long)Below((ulong)((long)maxValue - minValue)));

    public override long NextInt64() => (long)(Read(8) >> 1);

    public override long NextInt64(long maxValue) => (long)Below((ulong)maxValue);

    public override long NextInt64(long minValue, long maxValue) => minValue + (long)Below((ulong)(maxValue - minValue));

    public override void NextBytes(byte[] buffer) => NextBytes(buffer.AsSpan());

    public override void NextBytes(Span<byte> buffer)
    {
        foreach (ref byte value in buffer)
        {
            value = (byte)Read(1);
        }
    }

    public override double NextDouble() => Sample();

    public override float NextSingle() => (float)Sample();

    protected override double Sample() => (Read(8) >> 11) / (double)(1ul << 53);

    private ulong Below(ulong end) => end == 0 ? 0 : Read(end switch { <= 1 << 8 => 1, <= 1 << 16 => 2, <= 1L << 32 => 4, _ => 8 }) % end;

    private ulong Read(int size)
    {
        ulong value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (Position < bytes.Length ? (ulong)bytes[Position++] : 0) << (8 * i);
        }

        return value;
    }
}
