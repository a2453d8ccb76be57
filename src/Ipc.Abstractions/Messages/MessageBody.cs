using System.Buffers;
using Ipc.Serialization;

namespace Ipc;

/// <summary>Any MessagePack value: a legal message for callers that share no types. Immutable; two bodies are equal when their bytes are.</summary>
/// <remarks>
/// Made by conversion from a bare value, by <see cref="Array"/> and <see cref="Map"/>, by <see cref="FromJson"/>, or from a message by <c>From</c>.
/// Looking into it reads the bytes anew each time and copies what it returns.
/// </remarks>
public sealed partial class MessageBody : IEquatable<MessageBody>
{
    private readonly byte[] _bytes;

    private MessageBody(byte[] bytes)
    {
        _bytes = bytes;
    }

    /// <summary>The value nil.</summary>
    public static MessageBody Nil { get; } = new([0xC0]);

    /// <summary>The value as MessagePack.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>What kind of value it is.</summary>
    public MessagePackKind Kind => new MessagePackReader(_bytes).NextKind;

    /// <summary>Whether it is nil.</summary>
    public bool IsNil => _bytes[0] == 0xC0;

    /// <summary>Copies bytes that are exactly one MessagePack value.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="MessageFormatException">They are not exactly one value, or nested deeper than 64 levels.</exception>
    public static MessageBody Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        reader.Skip();
        reader.ExpectEnd();
        return new MessageBody(OwnBytes.Copy(bytes));
    }

    /// <summary>The body of a bare value: text, a number, bytes, a time, a GUID, an address.</summary>
    /// <typeparam name="T">One of the types of <see cref="BuiltInSerializers"/>.</typeparam>
    /// <param name="value">The value.</param>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> needs a serializer: use the other overload.</exception>
    public static MessageBody From<T>(T value) => From(value, BuiltIn<T>());

    /// <summary>The body of a message.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="value">The message.</param>
    /// <param name="serializer">Writes it, for example <c>MessageSerializer.Of&lt;T&gt;()</c>.</param>
    public static MessageBody From<T>(T value, MessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        serializer.Write(ref writer, value);
        writer.Flush();
        return new MessageBody(OwnBytes.Copy(output.WrittenSpan));
    }

    /// <summary>The body that a JSON text describes, as <see cref="JsonMessageConverter"/> says.</summary>
    /// <param name="json">One JSON value, at most 64 levels deep.</param>
    /// <exception cref="MessageFormatException">The text is not JSON.</exception>
    public static MessageBody FromJson(string json) => new(JsonMessageConverter.ToBody(MessageShape.Any, json));

    /// <summary>The value as JSON, as <see cref="JsonMessageConverter"/> says.</summary>
    /// <exception cref="MessageFormatException">A map has a key that JSON has no name for, or text is not UTF-8.</exception>
    public string ToJson() => JsonMessageConverter.ToJson(MessageShape.Any, _bytes);

    /// <summary>The value as a bare type.</summary>
    /// <typeparam name="T">One of the types of <see cref="BuiltInSerializers"/>.</typeparam>
    /// <exception cref="MessageFormatException">The value is of another type.</exception>
    /// <exception cref="NotSupportedException"><typeparamref name="T"/> needs a serializer: use the other overload.</exception>
    public T As<T>() => As(BuiltIn<T>());

    /// <summary>The value as a message.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="serializer">Reads it, for example <c>MessageSerializer.Of&lt;T&gt;()</c>.</param>
    /// <exception cref="MessageFormatException">The value is of another type.</exception>
    public T As<T>(MessageSerializer<T> serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        return serializer.ReadBody(_bytes);
    }

    /// <inheritdoc/>
    public bool Equals(MessageBody? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as MessageBody);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>The value as JSON where that is possible, else its bytes in hexadecimal.</summary>
    public override string ToString()
    {
        try
        {
            return ToJson();
        }
        catch (MessageFormatException)
        {
            return Convert.ToHexString(_bytes);
        }
    }

    /// <summary>Wraps bytes that are known to be exactly one value and that nobody else will change.</summary>
    internal static MessageBody FromTrusted(byte[] bytes) => new(bytes);

    private static MessageSerializer<T> BuiltIn<T>() => BuiltInSerializers.TryGet(out MessageSerializer<T>? serializer)
        ? serializer
        : throw new NotSupportedException($"{typeof(T)} is no bare type; pass its serializer, for example MessageSerializer.Of<{typeof(T).Name}>().");
}
