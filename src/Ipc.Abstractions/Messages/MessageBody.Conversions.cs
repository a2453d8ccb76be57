using System.Buffers;
using Ipc.Serialization;

namespace Ipc;

/// <content>Making bodies out of bare values and of other bodies.</content>
public sealed partial class MessageBody
{
    /// <summary>The body of a text; <see langword="null"/> is nil.</summary>
    public static implicit operator MessageBody(string? value) => From(value!, BuiltInSerializers.String);

    /// <summary>The body of a truth value.</summary>
    public static implicit operator MessageBody(bool value) => From(value, BuiltInSerializers.Boolean);

    /// <summary>The body of a whole number.</summary>
    public static implicit operator MessageBody(int value) => From(value, BuiltInSerializers.Int32);

    /// <summary>The body of a whole number.</summary>
    public static implicit operator MessageBody(long value) => From(value, BuiltInSerializers.Int64);

    /// <summary>The body of a whole number.</summary>
    public static implicit operator MessageBody(ulong value) => From(value, BuiltInSerializers.UInt64);

    /// <summary>The body of a number.</summary>
    public static implicit operator MessageBody(double value) => From(value, BuiltInSerializers.Double);

    /// <summary>The body of a decimal: text on the wire.</summary>
    public static implicit operator MessageBody(decimal value) => From(value, BuiltInSerializers.Decimal);

    /// <summary>The body of a GUID: text on the wire.</summary>
    public static implicit operator MessageBody(Guid value) => From(value, BuiltInSerializers.Guid);

    /// <summary>The body of a time.</summary>
    public static implicit operator MessageBody(DateTime value) => From(value, BuiltInSerializers.DateTime);

    /// <summary>The body of bytes; <see langword="null"/> is nil.</summary>
    public static implicit operator MessageBody(byte[]? value) => From(value!, BuiltInSerializers.Bytes);

    /// <summary>An array of bodies.</summary>
    /// <param name="elements">Its elements.</param>
    public static MessageBody Array(params ReadOnlySpan<MessageBody> elements)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(elements.Length);
        foreach (MessageBody element in elements)
        {
            writer.WriteRaw((element ?? Nil)._bytes);
        }

        writer.Flush();
        return Parse(output.WrittenSpan);
    }

    /// <summary>A map from text to bodies.</summary>
    /// <param name="pairs">Its pairs, in their order.</param>
    /// <exception cref="ArgumentException">A key stands twice.</exception>
    public static MessageBody Map(params ReadOnlySpan<(string Key, MessageBody Value)> pairs)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteMapHeader(pairs.Length);
        foreach ((string key, MessageBody value) in pairs)
        {
            if (!keys.Add(key))
            {
                throw new ArgumentException($"The key \"{key}\" stands twice.", nameof(pairs));
            }

            writer.Write(key);
            writer.WriteRaw((value ?? Nil)._bytes);
        }

        writer.Flush();
        return Parse(output.WrittenSpan);
    }
}
