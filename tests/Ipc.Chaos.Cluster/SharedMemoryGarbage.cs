using System.Buffers.Binary;
using System.Globalization;

namespace Ipc.Chaos.Cluster;

/// <summary>Changes a few bytes in the memory that this process shares with others and may write: rings, headers, frames, doorbells, its ledger.</summary>
internal static class SharedMemoryGarbage
{
    private const int PageSize = 4096;

    /// <summary>Does it.</summary>
    /// <returns>What was done; null when there is no such memory.</returns>
    public static string? Write(Random random)
    {
        (long From, long To)[] mappings = [.. Mappings()];
        if (mappings.Length == 0)
        {
            return null;
        }

        (long from, long to) = mappings[random.Next(mappings.Length)];

        // Control pages are small beside the data: every other time one of the words at a page's beginning.
        long offset = random.Next(2) == 0 ? (random.NextInt64((to - from) / PageSize) * PageSize) + random.Next(320) : random.NextInt64(to - from - sizeof(ulong));
        if (random.Next(4) != 0)
        {
            offset &= -sizeof(ulong);
        }

        // The kernel checks the address: a lane that is unmapped this instant must not end the process.
        using FileStream memory = new("/proc/self/mem", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            byte[] bytes = new byte[sizeof(ulong)];
            memory.Seek(from + offset, SeekOrigin.Begin);
            memory.ReadExactly(bytes);
            Bend(bytes, random);
            memory.Seek(from + offset, SeekOrigin.Begin);
            memory.Write(bytes);
            return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexString(bytes)} at {offset} of {to - from} bytes");
        }
        catch (IOException)
        {
            return "memory that is gone";
        }
    }

    /// <summary>Makes other bytes of them: noise is mostly refused at once, what nearly makes sense gets further.</summary>
    private static void Bend(byte[] bytes, Random random)
    {
        ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        switch (random.Next(5))
        {
            case 0:
                random.NextBytes(bytes.AsSpan(0, random.Next(1, bytes.Length + 1)));
                return;
            case 1:
                word = 0;
                break;
            case 2:
                word += (ulong)random.Next(-64, 64);
                break;
            case 3:
                word += (ulong)(random.Next(-64, 64) * 8);
                break;
            default:
                word ^= 1ul << random.Next(64);
                break;
        }

        BinaryPrimitives.WriteUInt64LittleEndian(bytes, word);
    }

    private static IEnumerable<(long From, long To)> Mappings()
    {
        foreach (string line in File.ReadLines("/proc/self/maps"))
        {
            if (line.Contains(" rw-s ", StringComparison.Ordinal) && line.Contains("/memfd:ipc-", StringComparison.Ordinal))
            {
                string[] parts = line.Split(' ', '-');
                yield return (Hexadecimal(parts[0]), Hexadecimal(parts[1]));
            }
        }
    }

    private static long Hexadecimal(string text) => long.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
