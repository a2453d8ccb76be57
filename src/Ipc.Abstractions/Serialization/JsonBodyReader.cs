using System.Globalization;
using System.Text.Json;

namespace Ipc.Serialization;

/// <summary>MessagePack to JSON: walks a body along a shape.</summary>
internal static class JsonBodyReader
{
    public static void Read(MessageShape shape, ref MessagePackReader reader, Utf8JsonWriter json)
    {
        if (shape.Kind != MessageShapeKind.Any && reader.TryReadNil())
        {
            json.WriteNullValue();
            return;
        }

        switch (shape.Kind)
        {
            case MessageShapeKind.Any:
                ReadAny(ref reader, json);
                break;
            case MessageShapeKind.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessageShapeKind.Integer:
                json.WriteRawValue(ReadIntegerText(ref reader));
                break;
            case MessageShapeKind.LargeInteger:
                json.WriteRawValue(ReadLargeIntegerText(ref reader));
                break;
            case MessageShapeKind.Single:
                WriteNumber(json, reader.ReadSingle());
                break;
            case MessageShapeKind.Double:
                WriteNumber(json, reader.ReadDouble());
                break;
            case MessageShapeKind.Decimal:
                json.WriteNumberValue(reader.ReadDecimal());
                break;
            case MessageShapeKind.Char:
                json.WriteStringValue(reader.ReadChar().ToString());
                break;
            case MessageShapeKind.String or MessageShapeKind.Uri:
                json.WriteStringValue(reader.ReadString());
                break;
            case MessageShapeKind.Binary:
                json.WriteBase64StringValue(reader.ReadBinary());
                break;
            case MessageShapeKind.Guid:
                json.WriteStringValue(reader.ReadGuid());
                break;
            case MessageShapeKind.DateTime:
                json.WriteStringValue(reader.ReadDateTime());
                break;
            case MessageShapeKind.DateTimeOffset:
                json.WriteStringValue(reader.ReadDateTimeOffset());
                break;
            case MessageShapeKind.TimeSpan:
                json.WriteStringValue(reader.ReadTimeSpan().ToString("c", CultureInfo.InvariantCulture));
                break;
            case MessageShapeKind.DateOnly:
                json.WriteStringValue(reader.ReadDateOnly().ToString("o", CultureInfo.InvariantCulture));
                break;
            case MessageShapeKind.TimeOnly:
                json.WriteStringValue(reader.ReadTimeOnly().ToString("o", CultureInfo.InvariantCulture));
                break;
            case MessageShapeKind.Enumeration:
                string number = ReadEnumeration(shape, ref reader, out string? name);
                if (name is null)
                {
                    json.WriteRawValue(number);
                }
                else
                {
                    json.WriteStringValue(name);
                }

                break;
            case MessageShapeKind.Nullable:
                Read(shape.Item(0), ref reader, json);
                break;
            case MessageShapeKind.List:
                int length = reader.ReadArrayHeader();
                reader.Descend();
                json.WriteStartArray();
                for (int i = 0; i < length; i++)
                {
                    Read(shape.Item(0), ref reader, json);
                }

                json.WriteEndArray();
                reader.Ascend();
                break;
            case MessageShapeKind.Tuple:
                ReadTuple(shape, ref reader, json);
                break;
            case MessageShapeKind.Dictionary:
                ReadDictionary(shape, ref reader, json);
                break;
            case MessageShapeKind.Message:
                json.WriteStartObject();
                ReadMessage(shape, ref reader, json);
                json.WriteEndObject();
                break;
            case MessageShapeKind.Union:
                ReadUnion(shape, ref reader, json);
                break;
            default:
                throw new InvalidOperationException($"Unknown shape {shape.Kind}.");
        }
    }

    internal static string ReadIntegerText(ref MessagePackReader reader) => reader.IsUnsignedInteger
        ? reader.ReadUInt64().ToString(CultureInfo.InvariantCulture)
        : reader.ReadInt64().ToString(CultureInfo.InvariantCulture);

    /// <summary>Either of the two 128-bit types: only one of them has numbers below zero.</summary>
    private static string ReadLargeIntegerText(ref MessagePackReader reader)
    {
        if (reader.NextKind == MessagePackKind.Integer)
        {
            return ReadIntegerText(ref reader);
        }

        MessagePackReader ahead = reader;
        return ahead.ReadUtf8() is [(byte)'-', ..]
            ? reader.ReadInt128().ToString(CultureInfo.InvariantCulture)
            : reader.ReadUInt128().ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads an enumeration's number.</summary>
    /// <param name="shape">The enumeration.</param>
    /// <param name="reader">Where from.</param>
    /// <param name="name">The number's name, or <see langword="null"/>.</param>
    /// <returns>The number as text.</returns>
    internal static string ReadEnumeration(MessageShape shape, ref MessagePackReader reader, out string? name)
    {
        long number = shape.IsUnsigned ? (long)reader.ReadUInt64() : reader.ReadInt64();
        name = null;
        foreach ((string known, long value) in shape.Names)
        {
            if (value == number)
            {
                name = known;
                break;
            }
        }

        return shape.IsUnsigned ? ((ulong)number).ToString(CultureInfo.InvariantCulture) : number.ToString(CultureInfo.InvariantCulture);
    }

    private static void ReadTuple(MessageShape shape, ref MessagePackReader reader, Utf8JsonWriter json)
    {
        int count = reader.ReadArrayHeader();
        if (count != shape.ItemCount)
        {
            throw new MessageFormatException($"Expected {shape.ItemCount} items of a tuple, found {count}.");
        }

        reader.Descend();
        json.WriteStartArray();
        for (int i = 0; i < count; i++)
        {
            Read(shape.Item(i), ref reader, json);
        }

        json.WriteEndArray();
        reader.Ascend();
    }

    private static void ReadDictionary(MessageShape shape, ref MessagePackReader reader, Utf8JsonWriter json)
    {
        MessageShape key = shape.Item(0), value = shape.Item(1);
        int count = reader.ReadMapHeader();
        reader.Descend();
        if (JsonKeys.HasText(key))
        {
            json.WriteStartObject();
            for (int i = 0; i < count; i++)
            {
                json.WritePropertyName(JsonKeys.Read(key, ref reader));
                Read(value, ref reader, json);
            }

            json.WriteEndObject();
        }
        else
        {
            json.WriteStartArray();
            for (int i = 0; i < count; i++)
            {
                json.WriteStartArray();
                Read(key, ref reader, json);
                Read(value, ref reader, json);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        reader.Ascend();
    }

    private static void ReadUnion(MessageShape shape, ref MessagePackReader reader, Utf8JsonWriter json)
    {
        int count = reader.ReadArrayHeader();
        if (count < 2)
        {
            throw new MessageFormatException("A union needs a key and a value.");
        }

        int key = reader.ReadInt32();
        MessageShapeCase? found = shape.Cases.FirstOrDefault(item => item.Key == key);
        if (found is null)
        {
            throw new MessageFormatException($"The union has no type with the key {key}.");
        }

        json.WriteStartObject();
        json.WriteNumber(JsonMessageConverter.UnionMember, key);
        reader.Descend();
        ReadMessage(found.Shape, ref reader, json);
        reader.Ascend();
        json.WriteEndObject();
        for (int i = 2; i < count; i++)
        {
            reader.Skip();
        }
    }

    /// <summary>Writes a message's members; the caller writes the braces.</summary>
    private static void ReadMessage(MessageShape shape, ref MessagePackReader reader, Utf8JsonWriter json)
    {
        reader.Descend();
        if (shape.IsMap)
        {
            int pairs = reader.ReadMapHeader();
            for (int i = 0; i < pairs; i++)
            {
                string? key = reader.NextKind == MessagePackKind.String ? reader.ReadString() : null;
                if (key is null)
                {
                    reader.Skip();
                }

                if (key is not null && shape.Members.FirstOrDefault(member => member.Key == key) is { } member)
                {
                    json.WritePropertyName(member.Name);
                    Read(member.Shape, ref reader, json);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        else
        {
            int count = reader.ReadArrayHeader();
            int next = 0;
            for (int i = 0; i < count; i++)
            {
                if (next < shape.Members.Count && shape.Members[next].Index == i)
                {
                    json.WritePropertyName(shape.Members[next].Name);
                    Read(shape.Members[next].Shape, ref reader, json);
                    next++;
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        reader.Ascend();
    }

    private static void ReadAny(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        switch (reader.NextKind)
        {
            case MessagePackKind.Nil:
                reader.ReadNil();
                json.WriteNullValue();
                break;
            case MessagePackKind.Boolean:
                json.WriteBooleanValue(reader.ReadBoolean());
                break;
            case MessagePackKind.Integer:
                json.WriteRawValue(ReadIntegerText(ref reader));
                break;
            case MessagePackKind.Float:
                if (reader.IsSingle)
                {
                    WriteNumber(json, reader.ReadSingle());
                }
                else
                {
                    WriteNumber(json, reader.ReadDouble());
                }

                break;
            case MessagePackKind.String:
                json.WriteStringValue(reader.ReadString());
                break;
            case MessagePackKind.Binary:
                json.WriteBase64StringValue(reader.ReadBinary());
                break;
            case MessagePackKind.Array:
                int length = reader.ReadArrayHeader();
                reader.Descend();
                json.WriteStartArray();
                for (int i = 0; i < length; i++)
                {
                    ReadAny(ref reader, json);
                }

                json.WriteEndArray();
                reader.Ascend();
                break;
            case MessagePackKind.Map:
                ReadAnyMap(ref reader, json);
                break;
            default:
                ReadAnyExtension(ref reader, json);
                break;
        }
    }

    private static void ReadAnyMap(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        int count = reader.ReadMapHeader();
        reader.Descend();
        json.WriteStartObject();
        for (int i = 0; i < count; i++)
        {
            json.WritePropertyName(reader.NextKind switch
            {
                MessagePackKind.String => reader.ReadString()!,
                MessagePackKind.Integer => ReadIntegerText(ref reader),
                MessagePackKind.Boolean => reader.ReadBoolean() ? "true" : "false",
                var kind => throw new MessageFormatException($"A map's key of kind {kind} has no name in JSON."),
            });
            ReadAny(ref reader, json);
        }

        json.WriteEndObject();
        reader.Ascend();
    }

    private static void ReadAnyExtension(ref MessagePackReader reader, Utf8JsonWriter json)
    {
        MessagePackReader ahead = reader;
        ReadOnlySpan<byte> data = ahead.ReadExtension(out sbyte type);
        if (type == MessagePackCode.TimestampExtension)
        {
            json.WriteStringValue(reader.ReadDateTime());
            return;
        }

        reader = ahead;
        json.WriteStartObject();
        json.WriteNumber("$extension", type);
        json.WriteBase64String("data", data);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, double number)
    {
        if (double.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, float number)
    {
        if (float.IsFinite(number))
        {
            json.WriteNumberValue(number);
        }
        else
        {
            WriteNumber(json, (double)number);
        }
    }
}
