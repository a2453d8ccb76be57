using System.Buffers;
using Ipc.Serialization;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>JSON that is not what a shape needs.</summary>
public class JsonMessageConverterTests
{
    public static TheoryData<string> Kinds => new(
        nameof(MessageShape.Any), nameof(MessageShape.LargeInteger), nameof(MessageShape.Single), nameof(MessageShape.Double), nameof(MessageShape.Decimal),
        nameof(MessageShape.Char), nameof(MessageShape.String), nameof(MessageShape.Binary), nameof(MessageShape.Guid), nameof(MessageShape.Uri),
        nameof(MessageShape.DateTime), nameof(MessageShape.DateTimeOffset), nameof(MessageShape.TimeSpan), nameof(MessageShape.DateOnly),
        nameof(MessageShape.TimeOnly), nameof(MessageShape.Enumeration), nameof(MessageShape.Dictionary), nameof(MessageShape.Message));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Text_that_is_no_text_is_refused_for_every_shape(string kind)
    {
        foreach (byte[] text in (ReadOnlySpan<byte[]>)[@"""\uD800"""u8.ToArray(), [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22]])
        {
            Refused(ShapeOf(kind), text);
            Refused(ShapeOf(kind), [(byte)'{', .. text, (byte)':', (byte)'1', (byte)'}']);
            Refused(MessageShape.Message(false, false, new MessageShapeMember("a", 0, () => ShapeOf(kind))), [(byte)'{', .. @"""a"":"u8, .. text, (byte)'}']);
        }
    }

    private static MessageShape ShapeOf(string kind) => kind switch
    {
        nameof(MessageShape.Enumeration) => MessageShape.Enumeration(false, new KeyValuePair<string, long>("One", 1)),
        nameof(MessageShape.Dictionary) => MessageShape.Dictionary(() => MessageShape.String, () => MessageShape.Integer),
        nameof(MessageShape.Message) => MessageShape.Message(false, false, new MessageShapeMember("a", 0, () => MessageShape.Integer)),
        _ => (MessageShape)typeof(MessageShape).GetProperty(kind)!.GetValue(null)!,
    };

    private static void Refused(MessageShape shape, byte[] json) =>
        Assert.Throws<MessageFormatException>(() => JsonMessageConverter.WriteBody(shape, json, new ArrayBufferWriter<byte>()));
}
