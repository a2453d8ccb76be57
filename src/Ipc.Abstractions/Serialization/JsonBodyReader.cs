using System.Globalization;
using System.Text.Json;

namespace Ipc.Serialization;

/// <summary>MessagePack to JSON: walks a body along a shape.</summary>
internal static partial class JsonBodyReader
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
}
