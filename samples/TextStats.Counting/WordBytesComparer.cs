using System.Buffers.Binary;

namespace TextStats.Counting;

/// <summary>Lets a dictionary with byte arrays as keys be asked with a span, so that only a word's first occurrence allocates.</summary>
internal sealed class WordBytesComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
{
    public static WordBytesComparer Instance { get; } = new();

    /// <summary>The same in every process: parts of a tally are told apart by it.</summary>
    public static int Hash(ReadOnlySpan<byte> word)
    {
        // Multiply and fold, eight bytes at a time; the constant is 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4).
        const ulong Golden = 0x9E3779B97F4A7C15;
        ulong hash = (ulong)word.Length * Golden;
        while (word.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(word)) * Golden;
            hash ^= hash >> 32;
            word = word[8..];
        }

        ulong rest = 0;
        foreach (byte b in word)
        {
            rest = (rest << 8) | b;
        }

        hash = (hash ^ rest) * Golden;
        return (int)(hash >> 32);
    }

    public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(byte[] obj) => Hash(obj);

    public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<byte> alternate) => Hash(alternate);

    public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
}
