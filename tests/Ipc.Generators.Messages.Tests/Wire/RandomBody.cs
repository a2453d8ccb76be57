using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>Makes random values that every implementation can hold and writes in one way only.</summary>
internal sealed class RandomBody(Random random)
{
    public byte[] Next()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        Write(ref writer, depth: 0);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private void Write(ref MessagePackWriter writer, int depth)
    {
        switch (random.Next(depth < 4 ? 11 : 9))
        {
            case 0:
                writer.WriteNil();
                break;
            case 1:
                writer.Write(random.Next(2) == 0);
                break;
            case 2:
                writer.Write(random.Next(-200, 300));
                break;
            case 3:
                // JavaScript writes what it holds as a BigInt in 64 bits; up to 32 bits it is a number.
                writer.Write(random.Next(2) == 0 ? (long)random.NextInt64() | 1L << 62 : random.Next());
                break;
            case 4:
                // Half a unit keeps JavaScript from taking the number for a whole one.
                writer.Write(random.Next(-1_000_000, 1_000_000) + 0.5);
                break;
            case 5:
                writer.Write(Text(random.Next(random.Next(10) == 0 ? 70_000 : 60)));
                break;
            case 6:
                byte[] bytes = new byte[random.Next(random.Next(10) == 0 ? 70_000 : 300)];
                random.NextBytes(bytes);
                writer.WriteBinary(bytes);
                break;
            case 7:
                byte[] data = new byte[random.Next(300)];
                random.NextBytes(data);
                writer.WriteExtension((sbyte)random.Next(0, 128), data);
                break;
            case 8:
                writer.Write(DateTime.UnixEpoch.AddTicks(random.NextInt64(-600_000_000_000_000_000, 2_000_000_000_000_000_000)));
                break;
            case 9:
                int length = random.Next(random.Next(5) == 0 ? 40 : 6);
                writer.WriteArrayHeader(length);
                for (int i = 0; i < length; i++)
                {
                    Write(ref writer, depth + 1);
                }

                break;
            default:
                int count = random.Next(random.Next(5) == 0 ? 40 : 6);
                writer.WriteMapHeader(count);
                for (int i = 0; i < count; i++)
                {
                    writer.Write($"key{i}");
                    Write(ref writer, depth + 1);
                }

                break;
        }
    }

    private string Text(int length)
    {
        const string Alphabet = "abc ÄÖ€語";
        char[] text = new char[length];
        for (int i = 0; i < length; i++)
        {
            text[i] = Alphabet[random.Next(Alphabet.Length)];
        }

        return random.Next(3) == 0 ? new string(text) + "😀" : new string(text);
    }
}
