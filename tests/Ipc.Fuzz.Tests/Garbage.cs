using System.Buffers.Binary;
using System.Globalization;

namespace Ipc.Fuzz.Tests;

/// <summary>Bytes that may be anything: legal ones, bent a little, with numbers at the edges, or noise.</summary>
internal sealed class Garbage
{
    private static readonly long[] Edges =
    [
        0, 1, 2, 7, 8, 31, 32, 33, 63, 64, 127, 128, 255, 256, 4095, 4096, 4097, 65_535, 65_536, int.MaxValue, (long)int.MaxValue + 1, uint.MaxValue, long.MaxValue, long.MinValue, -1, -8,
    ];

    public Garbage(Random random) => Random = random;

    /// <summary>Who feeds the targets; nobody in tests: then seeds follow each other.</summary>
    public static Action<Action<Garbage>>? Feeder { get; set; }

    /// <summary>All that is random comes from it.</summary>
    public Random Random { get; }

    /// <summary>How many rounds a test makes: <c>IPC_FUZZ_TIMES</c> times what takes about a second.</summary>
    public static int Rounds(int usual) => Number("IPC_FUZZ_TIMES", 1) * usual;

    /// <summary>Runs a target on so many rounds, and says which seed made it fail.</summary>
    public static void Feed(int rounds, Action<Garbage> target)
    {
        if (Feeder is { } feeder)
        {
            feeder(target);
            return;
        }

        int first = Number("IPC_FUZZ_SEED", 1);
        for (int round = 0; round < Rounds(rounds); round++)
        {
            try
            {
                target(new Garbage(new Random(first + round)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"IPC_FUZZ_SEED={first + round}: {e.GetType().Name}: {e.Message}", e);
            }
        }
    }

    /// <summary>One of the examples, bent.</summary>
    public byte[] Bend(params byte[][] examples)
    {
        byte[] bytes = [.. examples[Random.Next(examples.Length)]];
        for (int i = Random.Next(4); i > 0; i--)
        {
            bytes = BendOnce(bytes);
        }

        return bytes;
    }

    /// <summary>A number at an edge, or any.</summary>
    public long Number() => Random.Next(4) == 0 ? Random.NextInt64() : Edges[Random.Next(Edges.Length)] + Random.Next(-1, 2);

    private byte[] BendOnce(byte[] bytes)
    {
        if (bytes.Length == 0)
        {
            return [(byte)Random.Next(256)];
        }

        int at = Random.Next(bytes.Length);
        switch (Random.Next(7))
        {
            case 0:
                bytes[at] = (byte)Random.Next(256);
                return bytes;

            case 1:
                bytes[at] ^= (byte)(1 << Random.Next(8));
                return bytes;

            case 2:
                return bytes[..at];

            case 3:
                byte[] more = new byte[Random.Next(1, 20)];
                Random.NextBytes(more);
                return [.. bytes[..at], .. more, .. bytes[at..]];

            case 4:
                return [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + Random.Next(1, 9))..]];

            case 5:
                int other = Random.Next(bytes.Length);
                return [.. bytes[..at], .. bytes[Math.Min(at, other)..]];

            default:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(number, Number());
                if (Random.Next(2) == 0)
                {
                    number.Reverse(); // MessagePack's numbers are big endian
                }

                int size = Math.Min(1 << Random.Next(4), bytes.Length - at);
                (Random.Next(2) == 0 ? number[..size] : number[^size..]).CopyTo(bytes.AsSpan(at));
                return bytes;
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
