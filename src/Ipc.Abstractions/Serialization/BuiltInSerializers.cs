using System.Diagnostics.CodeAnalysis;

namespace Ipc.Serialization;

/// <summary>The serializers of types that need no <see cref="MessageAttribute"/>. Immutable; safe for any thread.</summary>
/// <remarks>Reading <see cref="string"/>, <c>byte[]</c>, <see cref="System.Uri"/> and <see cref="MessageBody"/> accepts nil; all others refuse it.</remarks>
public static class BuiltInSerializers
{
    /// <summary>Text.</summary>
    public static MessageSerializer<string> String { get; } = new PrimitiveSerializer<string>(
        MessageShape.String, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadString()!);

    /// <summary>Bytes.</summary>
    public static MessageSerializer<byte[]> Bytes { get; } = new PrimitiveSerializer<byte[]>(
        MessageShape.Binary, static (ref writer, value) => writer.WriteBinary(value), static (ref reader) => reader.ReadBytes()!);

    /// <summary>Bytes; reading makes an array of their own.</summary>
    public static MessageSerializer<ReadOnlyMemory<byte>> ReadOnlyMemory { get; } = new PrimitiveSerializer<ReadOnlyMemory<byte>>(
        MessageShape.Binary, static (ref writer, value) => writer.WriteBinary(value.Span), static (ref reader) => reader.ReadBinaryArray());

    /// <summary>Bytes; reading makes an array of their own.</summary>
    public static MessageSerializer<Memory<byte>> Memory { get; } = new PrimitiveSerializer<Memory<byte>>(
        MessageShape.Binary, static (ref writer, value) => writer.WriteBinary(value.Span), static (ref reader) => reader.ReadBinaryArray());

    /// <summary>Bytes; a listener reads them in place.</summary>
    public static MessageSerializer<MessageBytes> MessageBytes { get; } = new PrimitiveSerializer<MessageBytes>(
        MessageShape.Binary, static (ref writer, value) => writer.WriteBinary(value.Span), static (ref reader) => reader.ReadMessageBytes());

    /// <summary>True or false.</summary>
    public static MessageSerializer<bool> Boolean { get; } = new PrimitiveSerializer<bool>(
        MessageShape.Boolean, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadBoolean());

    /// <summary>A UTF-16 unit.</summary>
    public static MessageSerializer<char> Char { get; } = new PrimitiveSerializer<char>(
        MessageShape.Char, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadChar());

    /// <summary>Values of <see cref="byte"/>.</summary>
    public static MessageSerializer<byte> Byte { get; } = new PrimitiveSerializer<byte>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadByte());

    /// <summary>Values of <see cref="sbyte"/>.</summary>
    public static MessageSerializer<sbyte> SByte { get; } = new PrimitiveSerializer<sbyte>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadSByte());

    /// <summary>Values of <see cref="short"/>.</summary>
    public static MessageSerializer<short> Int16 { get; } = new PrimitiveSerializer<short>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadInt16());

    /// <summary>Values of <see cref="ushort"/>.</summary>
    public static MessageSerializer<ushort> UInt16 { get; } = new PrimitiveSerializer<ushort>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadUInt16());

    /// <summary>Values of <see cref="int"/>.</summary>
    public static MessageSerializer<int> Int32 { get; } = new PrimitiveSerializer<int>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadInt32());

    /// <summary>Values of <see cref="uint"/>.</summary>
    public static MessageSerializer<uint> UInt32 { get; } = new PrimitiveSerializer<uint>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadUInt32());

    /// <summary>Values of <see cref="long"/>.</summary>
    public static MessageSerializer<long> Int64 { get; } = new PrimitiveSerializer<long>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadInt64());

    /// <summary>Values of <see cref="ulong"/>.</summary>
    public static MessageSerializer<ulong> UInt64 { get; } = new PrimitiveSerializer<ulong>(
        MessageShape.Integer, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadUInt64());

    /// <summary>Values of <see cref="System.Int128"/>.</summary>
    public static MessageSerializer<System.Int128> Int128 { get; } = new PrimitiveSerializer<System.Int128>(
        MessageShape.LargeInteger, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadInt128());

    /// <summary>Values of <see cref="System.UInt128"/>.</summary>
    public static MessageSerializer<System.UInt128> UInt128 { get; } = new PrimitiveSerializer<System.UInt128>(
        MessageShape.LargeInteger, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadUInt128());

    /// <summary>Values of <see cref="System.Half"/>.</summary>
    public static MessageSerializer<System.Half> Half { get; } = new PrimitiveSerializer<System.Half>(
        MessageShape.Single, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadHalf());

    /// <summary>Values of <see cref="float"/>.</summary>
    public static MessageSerializer<float> Single { get; } = new PrimitiveSerializer<float>(
        MessageShape.Single, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadSingle());

    /// <summary>Values of <see cref="double"/>.</summary>
    public static MessageSerializer<double> Double { get; } = new PrimitiveSerializer<double>(
        MessageShape.Double, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadDouble());

    /// <summary>Values of <see cref="decimal"/>.</summary>
    public static MessageSerializer<decimal> Decimal { get; } = new PrimitiveSerializer<decimal>(
        MessageShape.Decimal, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadDecimal());

    /// <summary>Values of <see cref="System.Guid"/>.</summary>
    public static MessageSerializer<System.Guid> Guid { get; } = new PrimitiveSerializer<System.Guid>(
        MessageShape.Guid, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadGuid());

    /// <summary>Values of <see cref="System.DateTime"/>.</summary>
    public static MessageSerializer<System.DateTime> DateTime { get; } = new PrimitiveSerializer<System.DateTime>(
        MessageShape.DateTime, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadDateTime());

    /// <summary>Values of <see cref="System.DateTimeOffset"/>.</summary>
    public static MessageSerializer<System.DateTimeOffset> DateTimeOffset { get; } = new PrimitiveSerializer<System.DateTimeOffset>(
        MessageShape.DateTimeOffset, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadDateTimeOffset());

    /// <summary>Values of <see cref="System.TimeSpan"/>.</summary>
    public static MessageSerializer<System.TimeSpan> TimeSpan { get; } = new PrimitiveSerializer<System.TimeSpan>(
        MessageShape.TimeSpan, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadTimeSpan());

    /// <summary>Values of <see cref="System.DateOnly"/>.</summary>
    public static MessageSerializer<System.DateOnly> DateOnly { get; } = new PrimitiveSerializer<System.DateOnly>(
        MessageShape.DateOnly, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadDateOnly());

    /// <summary>Values of <see cref="System.TimeOnly"/>.</summary>
    public static MessageSerializer<System.TimeOnly> TimeOnly { get; } = new PrimitiveSerializer<System.TimeOnly>(
        MessageShape.TimeOnly, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadTimeOnly());

    /// <summary>An address.</summary>
    public static MessageSerializer<System.Uri> Uri { get; } = new PrimitiveSerializer<System.Uri>(
        MessageShape.Uri, static (ref writer, value) => writer.Write(value), static (ref reader) => reader.ReadUri()!);

    /// <summary>Any MessagePack value; nil is <see cref="MessageBody.Nil"/>.</summary>
    public static MessageSerializer<MessageBody> Body { get; } = new PrimitiveSerializer<MessageBody>(
        MessageShape.Any,
        static (ref writer, value) => writer.WriteRaw((value ?? MessageBody.Nil).Bytes.Span),
        static (ref reader) => MessageBody.FromTrusted(OwnBytes.Copy(reader.ReadRaw())));

    // Stands behind the properties: static members are initialized in the order of the text.
    private static readonly Dictionary<Type, MessageSerializer> ByType = new MessageSerializer[]
    {
        String, Bytes, ReadOnlyMemory, Memory, MessageBytes, Boolean, Char, Byte, SByte, Int16, UInt16, Int32, UInt32, Int64, UInt64, Int128, UInt128,
        Half, Single, Double, Decimal, Guid, DateTime, DateTimeOffset, TimeSpan, DateOnly, TimeOnly, Uri, Body,
    }.ToDictionary(serializer => serializer.Type);

    /// <summary>Finds the serializer of a bare type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="serializer">Its serializer, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGet<T>([NotNullWhen(true)] out MessageSerializer<T>? serializer)
    {
        bool found = TryGet(typeof(T), out MessageSerializer? any);
        serializer = (MessageSerializer<T>?)any;
        return found;
    }

    /// <summary>Finds the serializer of a bare type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="serializer">Its serializer, when there is one.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryGet(Type type, [NotNullWhen(true)] out MessageSerializer? serializer) => ByType.TryGetValue(type, out serializer);
}
