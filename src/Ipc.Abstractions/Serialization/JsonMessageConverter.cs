using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Ipc.Serialization;

/// <summary>Turns JSON into message bodies and back by name tables, without reflection.</summary>
/// <remarks>
/// <para>From JSON: members are found by name, exactly or else ignoring case; unknown ones are ignored, missing ones take their defaults; <c>null</c> becomes nil
/// where the type allows it. Bytes are Base64, times ISO 8601, durations <c>[-][d.]hh:mm:ss[.fffffff]</c>, enumerations a name or a number, GUIDs and addresses text.
/// Dictionaries whose keys have a text form are objects, others arrays of <c>[key, value]</c>; both are accepted. A union is the object of its message with a member
/// <c>$type</c> that holds the key. Where no shape is known (<see cref="MessageBody"/>) a whole number becomes an integer, any other number a 64-bit float,
/// and on the way back bytes become Base64 text, timestamps ISO 8601 text and other extensions <c>{"$extension": type, "data": Base64}</c>.</para>
/// <para>Numbers that are not finite are the texts <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>. Everything that is wrong throws <see cref="MessageFormatException"/>.</para>
/// </remarks>
public static class JsonMessageConverter
{
    /// <summary>How deep JSON may be: a dictionary of pairs is one level of the body and two of JSON. The body's own depth is counted by its writer.</summary>
    private const int MaximumJsonDepth = 2 * MessagePackReader.DefaultMaximumDepth;

    /// <summary>The member that holds a union's key.</summary>
    public const string UnionMember = "$type";

    /// <summary>Writes the body that a JSON text describes.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="json">One JSON value as UTF-8; its body at most 64 levels deep.</param>
    /// <param name="output">Takes the MessagePack.</param>
    /// <exception cref="MessageFormatException">The text is no JSON, or not what the shape needs.</exception>
    public static void WriteBody(MessageShape shape, ReadOnlySpan<byte> json, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaximumJsonDepth });
        WriteBody(shape, ref reader, output);
        bool more;
        try
        {
            more = reader.Read();
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"Something follows the JSON value: {e.Message}", e);
        }

        if (more)
        {
            throw new MessageFormatException("A second JSON value follows the first.");
        }
    }

    /// <summary>Writes the body that the next JSON value describes.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="json">Stands before or on the value's first token; afterwards on its last. Its own limit of depth holds too.</param>
    /// <param name="output">Takes the MessagePack.</param>
    /// <exception cref="MessageFormatException">The text is no JSON, or not what the shape needs.</exception>
    public static void WriteBody(MessageShape shape, ref Utf8JsonReader json, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(output);
        JsonDocument document;
        try
        {
            document = JsonDocument.ParseValue(ref json);
        }
        catch (JsonException e)
        {
            throw new MessageFormatException($"The text is not JSON: {e.Message}", e);
        }

        using (document)
        {
            WriteBody(shape, document.RootElement, output);
        }
    }

    /// <summary>Writes the body that a parsed JSON value describes.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="json">The value; its body at most 64 levels deep.</param>
    /// <param name="output">Takes the MessagePack.</param>
    /// <exception cref="MessageFormatException">The value is not what the shape needs.</exception>
    public static void WriteBody(MessageShape shape, JsonElement json, IBufferWriter<byte> output) => Write(JsonBodyWriter.Write, shape, json, output);

    /// <summary>Writes the body of a call: its arguments are the members of a message, by place or by name.</summary>
    /// <remarks>
    /// An array holds the members in their order, those at the end may be missing; an object is what <see cref="WriteBody(MessageShape, JsonElement, IBufferWriter{byte})"/> takes. Where a
    /// list is all that a message has, or the body itself, an array holds the items of that list, unless it has exactly one item and that is an array or <c>null</c>: then this is the list.
    /// Any other body that is no message is the one item of the array, and a body without a known shape is the array itself.
    /// </remarks>
    /// <param name="shape">What the body is.</param>
    /// <param name="arguments">An array or an object.</param>
    /// <param name="output">Takes the MessagePack.</param>
    /// <exception cref="MessageFormatException">The arguments are not what the shape needs, or too many.</exception>
    public static void WriteArguments(MessageShape shape, JsonElement arguments, IBufferWriter<byte> output) =>
        Write(JsonBodyWriter.WriteArguments, shape, arguments, output);

    /// <summary>The body that a JSON text describes.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="json">One JSON value; its body at most 64 levels deep.</param>
    /// <exception cref="MessageFormatException">The text is no JSON, or not what the shape needs.</exception>
    public static byte[] ToBody(MessageShape shape, string json)
    {
        var output = new ArrayBufferWriter<byte>();
        WriteBody(shape, Encoding.UTF8.GetBytes(json), output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Writes a body as JSON.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="body">One MessagePack value.</param>
    /// <param name="json">Takes the value; not flushed.</param>
    /// <exception cref="MessageFormatException">The body is not what the shape says.</exception>
    public static void WriteJson(MessageShape shape, ReadOnlySpan<byte> body, Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(json);
        var reader = new MessagePackReader(body);
        JsonBodyReader.Read(shape, ref reader, json);
        reader.ExpectEnd();
    }

    /// <summary>The JSON text of a body.</summary>
    /// <param name="shape">What the body is.</param>
    /// <param name="body">One MessagePack value.</param>
    /// <exception cref="MessageFormatException">The body is not what the shape says.</exception>
    public static string ToJson(MessageShape shape, ReadOnlySpan<byte> body)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output))
        {
            WriteJson(shape, body, json);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static void Write(Writing write, MessageShape shape, JsonElement json, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(output);
        var writer = new MessagePackWriter(output);
        try
        {
            write(shape, json, ref writer);
        }
        catch (InvalidOperationException e)
        {
            // The body is too deep; or a text's escapes or bytes are bad, which is looked at only when it is read.
            throw new MessageFormatException($"The JSON cannot be a message: {e.Message}", e);
        }

        writer.Flush();
    }

    private delegate void Writing(MessageShape shape, JsonElement json, ref MessagePackWriter writer);
}
