using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Messages;

/// <summary>A body that is any MessagePack value.</summary>
public class MessageBodyTests
{
    [Fact]
    public void Bare_values_convert_and_come_back()
    {
        Assert.Equal("text", ((MessageBody)"text").As<string>());
        Assert.Equal(5, ((MessageBody)5).As<int>());
        Assert.Equal(5L, ((MessageBody)5).As<long>());
        Assert.Equal(1.5, ((MessageBody)1.5).As<double>());
        Assert.Equal(2.50m, ((MessageBody)2.50m).As<decimal>());
        Assert.Equal([1, 2], ((MessageBody)new byte[] { 1, 2 }).As<byte[]>());
        Assert.True(((MessageBody)true).As<bool>());
        Assert.True(((MessageBody)(string?)null).IsNil);
        Assert.Throws<MessageFormatException>(() => ((MessageBody)"text").As<int>());
        Assert.Throws<NotSupportedException>(() => ((MessageBody)"text").As<Version>());
    }

    [Fact]
    public void Arrays_and_maps_are_built_and_looked_into()
    {
        MessageBody body = MessageBody.Map(("id", 7), ("tags", MessageBody.Array("a", "b")), ("nothing", MessageBody.Nil));
        Assert.Equal((MessagePackKind.Map, 3), (body.Kind, body.Count));
        Assert.Equal(7, body["id"].As<int>());
        Assert.Equal("b", body["tags"][1].As<string>());
        Assert.True(body["nothing"].IsNil);
        Assert.False(body.TryGet("other", out _));
        Assert.Throws<KeyNotFoundException>(() => body["other"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => body["tags"][2]);
        Assert.Throws<MessageFormatException>(() => body[0]);
        Assert.Equal(["a", "b"], body["tags"].Elements().Select(element => element.As<string>()));
        Assert.Equal(["id", "tags", "nothing"], body.Pairs().Select(pair => pair.Key.As<string>()));
        Assert.Throws<ArgumentException>(() => MessageBody.Map(("a", 1), ("a", 2)));
    }

    [Fact]
    public void Bodies_are_equal_when_their_bytes_are()
    {
        Assert.Equal((MessageBody)5, MessageBody.Parse([0x05]));
        Assert.NotEqual((MessageBody)5, MessageBody.Parse([0xCC, 0x05]));
        Assert.Equal(((MessageBody)5).GetHashCode(), MessageBody.Parse([0x05]).GetHashCode());
    }

    [Theory]
    [InlineData("")]
    [InlineData("C1")]
    [InlineData("0102")]
    [InlineData("9101C0")]
    [InlineData("92C0")]
    public void Bytes_that_are_not_one_value_are_refused(string hex) =>
        Assert.Throws<MessageFormatException>(() => MessageBody.Parse(Convert.FromHexString(hex)));

    [Theory]
    [InlineData("""{"a":1,"b":[true,false,null,"x",1.5,-9223372036854775808,18446744073709551615],"c":{}}""")]
    [InlineData("[]")]
    [InlineData("\"\\uD83D\\uDE00\"")]
    [InlineData("null")]
    public void Json_comes_back(string json) => Assert.Equal(json, MessageBody.FromJson(json).ToJson());

    [Fact]
    public void What_json_cannot_say_is_said_in_the_documented_way()
    {
        Assert.Equal("\"AQI=\"", ((MessageBody)new byte[] { 1, 2 }).ToJson());
        Assert.Equal("\"1970-01-01T00:00:00Z\"", ((MessageBody)DateTime.UnixEpoch).ToJson());
        Assert.Equal("""{"$extension":5,"data":"AQ=="}""", MessageBody.Parse([0xD4, 0x05, 0x01]).ToJson());
        Assert.Equal("\"NaN\"", ((MessageBody)double.NaN).ToJson());
        Assert.Equal("""{"1":2}""", MessageBody.Parse([0x81, 0x01, 0x02]).ToJson());
        Assert.Equal("81C002", MessageBody.Parse([0x81, 0xC0, 0x02]).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("1 2")]
    [InlineData("[1,]")]
    [InlineData("\"\\uD83D\"")]
    [InlineData("{\"\\uD800\":1}")]
    public void Bad_json_is_refused(string json) => Assert.Throws<MessageFormatException>(() => MessageBody.FromJson(json));

    [Fact]
    public void Json_that_is_too_deep_is_refused()
    {
        Assert.Throws<MessageFormatException>(() => MessageBody.FromJson(new string('[', 10_000)));
        Assert.Throws<MessageFormatException>(() => MessageBody.FromJson(new string('[', 65) + new string(']', 65)));
    }

    [Fact]
    public void Every_bare_type_has_a_serializer_and_a_shape()
    {
        Type[] types =
        [
            typeof(string), typeof(byte[]), typeof(ReadOnlyMemory<byte>), typeof(Memory<byte>), typeof(MessageBytes), typeof(bool), typeof(char), typeof(byte), typeof(sbyte), typeof(short),
            typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(Int128), typeof(UInt128), typeof(Half), typeof(float), typeof(double),
            typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Uri), typeof(MessageBody),
        ];
        Assert.All(types, type =>
        {
            Assert.True(BuiltInSerializers.TryGet(type, out MessageSerializer? serializer));
            Assert.Equal(type, serializer.Type);
            Assert.NotNull(serializer.Shape);
            Assert.Null(serializer.Action);
        });
        Assert.False(BuiltInSerializers.TryGet<Version>(out _));
    }
}
