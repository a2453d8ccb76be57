using Ipc.Generators.Messages.Tests.Shapes;
using Ipc.Serialization;

namespace Ipc.Generators.Messages.Tests;

/// <summary>One rule of depth for all that reads and writes: arrays and maps may stand in each other 64 levels deep.</summary>
public class DepthTests
{
    public static TheoryData<int, bool> Levels => new() { { 62, true }, { 64, true }, { 65, false }, { 66, false }, { 80, false } };

    [Theory]
    [MemberData(nameof(Levels))]
    public void Every_reader_takes_the_same_depth(int levels, bool legal)
    {
        byte[] body = Body(levels);
        MessageShape shape = MessageSerializer.Of<Tree>().Shape;
        Assert.Equal(legal, Succeeds<MessageFormatException>(() => Codec.Read<Tree>(body)));
        Assert.Equal(legal, Succeeds<MessageFormatException>(() => MessageBody.Parse(body)));
        Assert.Equal(legal, Succeeds<MessageFormatException>(() => JsonMessageConverter.ToJson(shape, body)));
        Assert.Equal(legal, Succeeds<MessageFormatException>(() => JsonMessageConverter.ToBody(shape, Json(levels))));
        Assert.Equal(legal, Succeeds<MessageFormatException>(() => MessageBody.FromJson(Json(levels))));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void What_is_written_can_be_read(int levels, bool legal)
    {
        // Even levels are lists that are null, odd ones messages.
        Tree tree = new() { Children = levels % 2 == 0 ? [] : null! };
        for (int i = (levels - 1) / 2; i > 0; i--)
        {
            tree = new Tree { Children = [tree] };
        }

        Assert.Equal(legal, Succeeds<InvalidOperationException>(() => Codec.Write(tree)));
    }

    [Fact]
    public void A_union_is_two_levels_in_json_too()
    {
        string Json(int unions) => string.Concat(Enumerable.Repeat("""{"$type":0,"Inner":""", unions)) + "null" + new string('}', unions);
        MessageShape shape = MessageSerializer.Of<INested>().Shape;
        byte[] body = JsonMessageConverter.ToBody(shape, Json(32));
        Assert.Equal(Json(32), JsonMessageConverter.ToJson(shape, body));
        Assert.NotNull(Codec.Read<INested>(body));
        Assert.Throws<MessageFormatException>(() => JsonMessageConverter.ToBody(shape, Json(33)));
    }

    [Fact]
    public void A_dictionary_of_pairs_comes_back_from_any_legal_depth()
    {
        var message = new Pairs(null);
        for (int i = 0; i < 31; i++)
        {
            message = new Pairs(new() { [1.5] = message });
        }

        MessageShape shape = MessageSerializer.Of<Pairs>().Shape;
        byte[] body = Codec.Write(message);
        Assert.Equal(body, JsonMessageConverter.ToBody(shape, JsonMessageConverter.ToJson(shape, body)));
    }

    /// <summary>Messages and lists in turn, the outermost a message; the innermost is empty.</summary>
    private static byte[] Body(int levels)
    {
        var bytes = new List<byte>();
        for (int i = 1; i < levels; i++)
        {
            bytes.AddRange(i % 2 == 1 ? [0x92, 0x00] : new byte[] { 0x91 });
        }

        bytes.Add(0x90);
        return [.. bytes];
    }

    private static string Json(int levels)
    {
        string json = levels % 2 == 1 ? "{}" : "[]";
        for (int i = levels - 1; i > 0; i--)
        {
            json = i % 2 == 1 ? $"{{\"Children\":{json}}}" : $"[{json}]";
        }

        return json;
    }

    private static bool Succeeds<TException>(Func<object> act)
        where TException : Exception
    {
        try
        {
            act();
            return true;
        }
        catch (TException)
        {
            return false;
        }
    }
}
