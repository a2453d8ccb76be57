using System.Collections;
using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>
/// The simple values of <see cref="Exception.Data"/> on their way to the asker: a map of each key to an array of a code and the value. Keys are texts; values of other types than the built-in
/// ones, and what is too much, stay behind.
/// </summary>
internal static class ExceptionData
{
    /// <summary>How many values go along at most.</summary>
    public const int MaxCount = 64;

    /// <summary>How many bytes they take at most, where the largest message allows as many.</summary>
    public const int MaxSize = 16 << 10;

    /// <summary>A value's code is its place here. Part of the wire format: the order stays, new ones come behind.</summary>
    private static readonly MessageSerializer[] Types =
    [
        BuiltInSerializers.String, BuiltInSerializers.Boolean, BuiltInSerializers.Char, BuiltInSerializers.Byte, BuiltInSerializers.SByte, BuiltInSerializers.Int16,
        BuiltInSerializers.UInt16, BuiltInSerializers.Int32, BuiltInSerializers.UInt32, BuiltInSerializers.Int64, BuiltInSerializers.UInt64, BuiltInSerializers.Single,
        BuiltInSerializers.Double, BuiltInSerializers.Decimal, BuiltInSerializers.Guid, BuiltInSerializers.DateTime, BuiltInSerializers.DateTimeOffset,
        BuiltInSerializers.TimeSpan, BuiltInSerializers.DateOnly, BuiltInSerializers.TimeOnly, BuiltInSerializers.Uri,
    ];

    private static readonly Dictionary<Type, int> Codes = Types.Select((serializer, code) => (serializer.Type, code)).ToDictionary(pair => pair.Type, pair => pair.code);

    /// <summary>Writes what fits.</summary>
    /// <param name="data">The exception's data: user code, which may throw.</param>
    /// <param name="maxSize">The most bytes.</param>
    /// <returns><see langword="null"/> when nothing is to be told.</returns>
    public static MessageBody? Write(IDictionary data, int maxSize)
    {
        using var entries = new PooledBufferWriter();
        int count = 0;
        int left = maxSize - 3; // of the map itself
        foreach (DictionaryEntry entry in data)
        {
            if (count < MaxCount && entry is { Key: string key, Value: { } value } && Codes.TryGetValue(value.GetType(), out int code)
                && key.Length + LengthOf(value) <= left) // each character takes a byte at least, and what is too long is not even written
            {
                byte[] bytes = Write(key, code, value);
                if (bytes.Length <= left)
                {
                    left -= bytes.Length;
                    count++;
                    bytes.CopyTo(entries.GetSpan(bytes.Length));
                    entries.Advance(bytes.Length);
                }
            }
        }

        if (count == 0)
        {
            return null;
        }

        using var whole = new PooledBufferWriter();
        var writer = new MessagePackWriter(whole);
        writer.WriteMapHeader(count);
        writer.WriteRaw(entries.WrittenSpan);
        writer.Flush();
        return MessageBody.Parse(whole.WrittenSpan);
    }

    /// <summary>Reads values, from bytes that may be anything; those of a code that is not known are passed over.</summary>
    /// <exception cref="MessageFormatException">They are none.</exception>
    public static void Read(MessageBody body, IDictionary data)
    {
        var reader = new MessagePackReader(body.Bytes.Span);
        int count = reader.ReadMapHeader();
        if (count > MaxCount)
        {
            throw new MessageFormatException($"An exception's data has {count} values, and {MaxCount} are the most.");
        }

        for (int i = 0; i < count; i++)
        {
            string key = reader.ReadString() ?? throw new MessageFormatException("A value of an exception's data has no name.");
            int members = reader.ReadArrayHeader();
            if (members < 2)
            {
                throw new MessageFormatException($"A value of an exception's data has {members} members instead of 2.");
            }

            int code = reader.ReadInt32();
            if ((uint)code < (uint)Types.Length)
            {
                data[key] = Types[code].ReadObject(ref reader);
            }
            else
            {
                reader.Skip();
            }

            for (int member = 2; member < members; member++)
            {
                reader.Skip();
            }
        }
    }

    private static int LengthOf(object value) => value switch
    {
        string text => text.Length,
        Uri uri => uri.OriginalString.Length,
        _ => 0,
    };

    private static byte[] Write(string key, int code, object value)
    {
        using var output = new PooledBufferWriter();
        var writer = new MessagePackWriter(output);
        writer.Write(key);
        writer.WriteArrayHeader(2);
        writer.Write(code);
        Types[code].WriteObject(ref writer, value);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }
}
