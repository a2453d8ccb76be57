using System.Buffers;
using System.Text;
using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Generators.Messages.Tests.Wire;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests;

/// <summary>JSON that may be anything: one documented exception. Seeded, so that a failure comes back.</summary>
public class JsonFuzzTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Pieces =
        ["\\uD800", "\\uDC00", "\\u0000", "null", "true", "1e999", "-0", "0.5", "99999999999999999999999", "\"\"", "[]", "{}", "{\"$type\":0}", "\"\\uD83D\"", "\"NaN\"", "\"Infinity\"", ",", ":", "\"", "\\"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Any_json_gives_a_body_or_the_one_exception(int seed)
    {
        var random = new Random(seed);
        (MessageShape Shape, byte[] Json)[] valid =
        [
            Valid<Primitives>(Sample.Primitives), Valid<Collections>(Sample.Collections), Valid<Tree>(Sample.Tree), Valid<ShapeHolder>(Sample.Shapes),
            Valid<HoldsForeign>(Sample.Foreign), Valid<Deep>(Sample.Deep), Valid<Nullables>(Sample.Nullables), Valid<WithConstructor>(Sample.Constructor),
            (MessageShape.Any, """{"a":[1,2.5,-3,null,true,"x\ud83d\ude00"],"b":{"c":{}}}"""u8.ToArray()),
        ];
        int refused = 0;
        for (int i = 0; i < Rounds; i++)
        {
            (MessageShape shape, byte[] good) = valid[random.Next(valid.Length)];
            byte[] json = Mutate(random, good);
            try
            {
                var output = new ArrayBufferWriter<byte>();
                JsonMessageConverter.WriteBody(shape, json, output);
                _ = MessageBody.Parse(output.WrittenSpan);
            }
            catch (MessageFormatException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Seed {seed}, round {i}: {e} for {Encoding.Latin1.GetString(json)}");
            }
        }

        Assert.InRange(refused, Rounds / 4, Rounds - 100);
    }

    private static (MessageShape Shape, byte[] Json) Valid<T>(byte[] body)
        where T : IMessage<T>
    {
        MessageShape shape = MessageSerializer.Of<T>().Shape;
        return (shape, Encoding.UTF8.GetBytes(JsonMessageConverter.ToJson(shape, body)));
    }

    private static byte[] Mutate(Random random, byte[] good)
    {
        byte[] json = [.. good];
        for (int n = random.Next(1, 3); n > 0 && json.Length > 0; n--)
        {
            int at = random.Next(json.Length);
            byte[] piece = Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]);
            switch (random.Next(6))
            {
                case 0:
                    json[at] = (byte)random.Next(256);
                    break;
                case 1:
                    json = [.. json[..at], .. piece, .. json[at..]];
                    break;
                case 2:
                    json = [.. json[..at], .. piece, .. json[Math.Min(json.Length, at + random.Next(8))..]];
                    break;
                case 3:
                    json = [.. json[..at], .. json[random.Next(json.Length)..]];
                    break;
                default:
                    // A whole value for another: what a mutated byte seldom leaves well-formed.
                    json = ReplaceValue(random, json, piece);
                    break;
            }
        }

        return json;
    }

    private static byte[] ReplaceValue(Random random, byte[] json, byte[] piece)
    {
        int[] starts = [.. Enumerable.Range(0, json.Length).Where(i => json[i] is (byte)':' or (byte)',' or (byte)'[')];
        if (starts.Length == 0)
        {
            return json;
        }

        int start = starts[random.Next(starts.Length)] + 1;
        int end = start;
        while (end < json.Length && json[end] is not ((byte)',' or (byte)']' or (byte)'}'))
        {
            end++;
        }

        return [.. json[..start], .. piece, .. json[end..]];
    }
}
