using System.Buffers;
using System.Text.Json;
using Ipc.Serialization;
using Xunit;

namespace Ipc.Abstractions.Tests.Serialization;

/// <summary>The arguments of a call, by place and by name.</summary>
public sealed class JsonArgumentsTests
{
    private static readonly MessageShape Integers = MessageShape.List(() => MessageShape.Integer);

    private static readonly MessageShape One = MessageShape.Message(false, true, new MessageShapeMember("values", 0, () => Integers));

    private static readonly MessageShape Lists = MessageShape.Message(false, true, new MessageShapeMember("lists", 0, () => MessageShape.List(() => Integers)));

    private static readonly MessageShape Two = MessageShape.Message(
        false, true, new MessageShapeMember("text", 0, () => MessageShape.String), new MessageShapeMember("number", 2, () => MessageShape.Integer));

    private static readonly MessageShape Map = MessageShape.Message(true, true, new MessageShapeMember("Text", "t", () => MessageShape.String));

    public static TheoryData<string, string, string> Arguments => new()
    {
        { nameof(Two), """["a",5]""", """["a",null,5]""" },
        { nameof(Two), """["a"]""", """["a"]""" },
        { nameof(Two), "[]", "[]" },
        { nameof(Two), """{"NUMBER":5}""", """[null,null,5]""" },
        { nameof(Map), """["a"]""", """{"t":"a"}""" },
        { nameof(Map), """{"text":"a"}""", """{"t":"a"}""" },
        { nameof(One), "[1,2,3]", "[[1,2,3]]" },
        { nameof(One), "[1]", "[[1]]" },
        { nameof(One), "[]", "[[]]" },
        { nameof(One), "[[1,2]]", "[[1,2]]" },
        { nameof(One), "[[]]", "[[]]" },
        { nameof(One), "[null]", "[null]" },
        { nameof(One), """{"values":[1]}""", "[[1]]" },
        { nameof(Lists), "[[1],[2]]", "[[[1],[2]]]" },
        { nameof(Lists), "[[[1]]]", "[[[1]]]" },
        { nameof(Integers), "[1,2]", "[1,2]" },
        { nameof(Integers), "[[1,2]]", "[1,2]" },
        { "text", """["a"]""", "\"a\"" },
        { "any", """["a",1]""", """["a",1]""" },
        { "any", """{"a":1}""", """{"a":1}""" },
    };

    [Theory]
    [MemberData(nameof(Arguments))]
    public void Arguments_become_a_body(string shape, string arguments, string body) => Assert.Equal(body, Write(shape, arguments).ToJson());

    [Theory]
    [InlineData(nameof(Two), """["a",1,2]""", "at most 2 arguments (text, number)")]
    [InlineData(nameof(Two), """[1]""", "text")]
    [InlineData(nameof(Two), "\"a\"", "an array or an object")]
    [InlineData(nameof(One), "[[1],[2]]", "a whole number")]
    [InlineData("text", "[]", "one argument")]
    [InlineData("text", """["a","b"]""", "one argument")]
    [InlineData("text", "{}", "text")]
    public void Others_are_refused(string shape, string arguments, string message) =>
        Assert.Contains(message, Assert.Throws<MessageFormatException>(() => Write(shape, arguments)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_number_of_more_digits_than_128_bits_have_is_not_parsed() => Assert.Throws<MessageFormatException>(
        () => JsonMessageConverter.ToBody(MessageShape.LargeInteger, new string('9', 1_000_000)));

    private static MessageBody Write(string shape, string arguments)
    {
        var output = new ArrayBufferWriter<byte>();
        using JsonDocument document = JsonDocument.Parse(arguments);
        JsonMessageConverter.WriteArguments(
            shape switch
            {
                nameof(One) => One,
                nameof(Two) => Two,
                nameof(Map) => Map,
                nameof(Lists) => Lists,
                nameof(Integers) => Integers,
                "text" => MessageShape.String,
                _ => MessageShape.Any,
            },
            document.RootElement,
            output);
        return MessageBody.Parse(output.WrittenSpan);
    }
}
