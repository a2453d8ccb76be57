using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests.Wire;

/// <summary>Bytes that may be anything: one documented exception, bounded memory, never a crash. Seeded, so that a failure comes back.</summary>
public class BadBytesTests
{
    private const int Rounds = 40_000;

    /// <summary>Bytes of memory that one byte of a message may cost, and what an error itself costs.</summary>
    private const long PerByte = 400;
    private const long Fixed = 64 * 1024;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Anything_gives_a_message_or_the_one_exception(int seed)
    {
        var random = new Random(seed);
        MessageSerializer[] serializers = Generated.MessageSerializers.All;
        byte[][] valid = [.. WireCases.All.Values.Select(item => item.Bytes)];
        (MessageSerializer Serializer, byte[] Bytes)[] own =
        [
            (MessageSerializer.Of<Primitives>(), Sample.Primitives), (MessageSerializer.Of<Collections>(), Sample.Collections), (MessageSerializer.Of<Tree>(), Sample.Tree),
            (MessageSerializer.Of<ShapeHolder>(), Sample.Shapes), (MessageSerializer.Of<HoldsForeign>(), Sample.Foreign), (MessageSerializer.Of<Deep>(), Sample.Deep),
            (MessageSerializer.Of<Nullables>(), Sample.Nullables), (MessageSerializer.Of<WithConstructor>(), Sample.Constructor),
        ];
        int refused = 0, mutated = 0;
        for (int i = 0; i < Rounds; i++)
        {
            MessageSerializer serializer = serializers[random.Next(serializers.Length)];
            byte[] bytes;
            switch (i % 8)
            {
                case < 4:
                    (serializer, byte[] good) = own[random.Next(own.Length)];
                    bytes = Mutate(random, good);
                    mutated++;
                    break;
                case 4:
                    bytes = Mutate(random, valid[random.Next(valid.Length)]);
                    mutated++;
                    break;
                case 5:
                    bytes = new byte[random.Next(200)];
                    random.NextBytes(bytes);
                    break;
                case 6:
                    bytes = Deep(random);
                    break;
                default:
                    bytes = Huge(random);
                    break;
            }

            refused += Try(serializer, bytes, seed, i) ? 0 : 1;
        }

        Assert.True(mutated >= Rounds / 2);
        Assert.InRange(refused, Rounds / 2, Rounds - 100);
    }

    [Fact]
    public void A_message_cut_off_anywhere_is_refused()
    {
        foreach ((MessageSerializer serializer, byte[] bytes) in (ReadOnlySpan<(MessageSerializer, byte[])>)
            [(MessageSerializer.Of<Primitives>(), Sample.Primitives), (MessageSerializer.Of<Collections>(), Sample.Collections), (MessageSerializer.Of<ShapeHolder>(), Sample.Shapes)])
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                Assert.False(Try(serializer, bytes[..length], 0, length), $"{serializer.Type.Name} was read from {length} of {bytes.Length} bytes.");
            }
        }
    }

    [Fact]
    public void Arrays_of_lies_cost_no_more_than_the_message_allows()
    {
        // Every level claims all the bytes that are left; only the sum over all levels shows the lie.
        byte[] bytes = new byte[200_000];
        for (int i = 0; i + 8 < bytes.Length; i += 7)
        {
            bytes[i] = 0x93;
            bytes[i + 1] = 0x01;
            bytes[i + 2] = 0xDD;
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i + 3), bytes.Length - i - 8);
        }

        Assert.False(Try(MessageSerializer.Of<Tree>(), bytes, 0, 0));
    }

    private static bool Try(MessageSerializer serializer, byte[] bytes, int seed, int round)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read;
        try
        {
            var reader = new MessagePackReader(bytes);
            serializer.ReadObject(ref reader);
            read = true;
        }
        catch (MessageFormatException)
        {
            read = false;
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}, round {round}, {serializer.Type.Name}: {e} for {Convert.ToHexString(bytes)}");
            throw;
        }

        long cost = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(cost <= Fixed + (PerByte * bytes.Length), $"Seed {seed}, round {round}, {serializer.Type.Name}: {cost} bytes for {bytes.Length}");
        try
        {
            _ = JsonMessageConverter.ToJson(serializer.Shape, bytes);
        }
        catch (MessageFormatException)
        {
            // The same one exception on the way to JSON.
        }
        catch (Exception e)
        {
            Assert.Fail($"Seed {seed}, round {round}, {serializer.Type.Name} to JSON: {e} for {Convert.ToHexString(bytes)}");
        }

        if (MessageBodyOf(bytes) is { } body)
        {
            _ = body.ToString();
        }

        return read;
    }

    private static MessageBody? MessageBodyOf(byte[] bytes)
    {
        try
        {
            return MessageBody.Parse(bytes);
        }
        catch (MessageFormatException)
        {
            return null;
        }
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        byte[] bytes = [.. good];
        for (int n = random.Next(1, 4); n > 0 && bytes.Length > 0; n--)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[random.Next(bytes.Length)..]];
                    break;
                default:
                    bytes = [.. bytes[..at], (byte)random.Next(0xC0, 0xE0), .. bytes[at..]];
                    break;
            }
        }

        return bytes;
    }

    private static byte[] Deep(Random random)
    {
        byte[] unit = random.Next(3) switch { 0 => [0x91], 1 => [0x81, 0x01], _ => [0x93, 0x01, 0x91] };
        return [.. Enumerable.Repeat(unit, random.Next(10, 5_000)).SelectMany(part => part), 0xC0];
    }

    private static byte[] Huge(Random random)
    {
        byte[] codes = [0xC6, 0xC9, 0xDB, 0xDD, 0xDF, 0xDC, 0xDE, 0xDA, 0xC5, 0xC8];
        byte[] bytes = new byte[random.Next(6, 100)];
        random.NextBytes(bytes);
        int at = random.Next(bytes.Length - 5);
        bytes[0] = (byte)(0x90 | random.Next(16));
        bytes[at] = codes[random.Next(codes.Length)];
        bytes[at + 1] = random.Next(2) == 0 ? (byte)0x7F : (byte)0xFF;
        return bytes;
    }
}
