using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Ipc.Serialization;

/// <summary>JSON to MessagePack: walks a parsed JSON value along a shape.</summary>
internal static partial class JsonBodyWriter
{
    /// <summary>More than 128 bits can have: parsing takes a time that grows with the square of the digits.</summary>
    private const int MaxDigits = 64;

    public static void Write(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind == JsonValueKind.Null && shape.Kind != MessageShapeKind.Any)
        {
            WriteNull(shape, ref writer);
            return;
        }

        switch (shape.Kind)
        {
            case MessageShapeKind.Any:
                WriteAny(json, ref writer);
                break;
            case MessageShapeKind.Boolean:
                writer.Write(json.ValueKind switch
                {
                    JsonValueKind.True => true,
                    JsonValueKind.False => false,
                    _ => throw Wrong(json, "a boolean"),
                });
                break;
            case MessageShapeKind.Integer:
                WriteInteger(json, ref writer);
                break;
            case MessageShapeKind.LargeInteger:
                string digits = json.ValueKind == JsonValueKind.String ? json.GetString()! : NumberText(json);
                writer.Write(digits.Length <= MaxDigits && BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                    ? digits
                    : throw Wrong(json, "a whole number of at most 128 bits"));
                break;
            case MessageShapeKind.Single:
                writer.Write((float)Number(json));
                break;
            case MessageShapeKind.Double:
                writer.Write(Number(json));
                break;
            case MessageShapeKind.Decimal:
                writer.Write(decimal.TryParse(json.ValueKind == JsonValueKind.String ? json.GetString() : NumberText(json), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
                    ? number
                    : throw Wrong(json, "a decimal"));
                break;
            case MessageShapeKind.Char:
                writer.Write(Text(json) is { Length: 1 } text ? text[0] : throw Wrong(json, "text of one character"));
                break;
            case MessageShapeKind.String:
                writer.Write(Text(json));
                break;
            case MessageShapeKind.Uri:
                writer.Write(Uri.TryCreate(Text(json), UriKind.RelativeOrAbsolute, out Uri? address) ? address : throw Wrong(json, "an address"));
                break;
            case MessageShapeKind.Binary:
                writer.WriteBinary(json.ValueKind == JsonValueKind.String && json.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw Wrong(json, "Base64"));
                break;
            case MessageShapeKind.Guid:
                writer.Write(Guid.TryParse(Text(json), out Guid guid) ? guid : throw Wrong(json, "a GUID"));
                break;
            case MessageShapeKind.DateTime:
                writer.Write(json.ValueKind == JsonValueKind.String && json.TryGetDateTime(out DateTime time) ? time : throw Wrong(json, "an ISO 8601 time"));
                break;
            case MessageShapeKind.DateTimeOffset:
                writer.Write(json.ValueKind == JsonValueKind.String && json.TryGetDateTimeOffset(out DateTimeOffset moment) ? moment : throw Wrong(json, "an ISO 8601 time"));
                break;
            case MessageShapeKind.TimeSpan:
                writer.Write(TimeSpan.TryParse(Text(json), CultureInfo.InvariantCulture, out TimeSpan duration) ? duration : throw Wrong(json, "a duration"));
                break;
            case MessageShapeKind.DateOnly:
                writer.Write(DateOnly.TryParseExact(Text(json), "o", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : throw Wrong(json, "a date"));
                break;
            case MessageShapeKind.TimeOnly:
                writer.Write(TimeOnly.TryParse(Text(json), CultureInfo.InvariantCulture, out TimeOnly timeOfDay) ? timeOfDay : throw Wrong(json, "a time of day"));
                break;
            case MessageShapeKind.Enumeration:
                WriteEnumeration(shape, json, ref writer);
                break;
            case MessageShapeKind.Nullable:
                Write(shape.Item(0), json, ref writer);
                break;
            case MessageShapeKind.List:
                writer.WriteArrayHeader(Length(json));
                writer.Descend();
                foreach (JsonElement element in json.EnumerateArray())
                {
                    Write(shape.Item(0), element, ref writer);
                }

                writer.Ascend();
                break;
            case MessageShapeKind.Tuple:
                if (Length(json) != shape.ItemCount)
                {
                    throw Wrong(json, $"an array of {shape.ItemCount}");
                }

                writer.WriteArrayHeader(shape.ItemCount);
                writer.Descend();
                for (int i = 0; i < shape.ItemCount; i++)
                {
                    Write(shape.Item(i), json[i], ref writer);
                }

                writer.Ascend();
                break;
            case MessageShapeKind.Dictionary:
                writer.Descend();
                WriteDictionary(shape, json, ref writer);
                writer.Ascend();
                break;
            case MessageShapeKind.Message:
                writer.Descend();
                WriteMessage(shape, json, ref writer);
                writer.Ascend();
                break;
            case MessageShapeKind.Union:
                writer.Descend();
                WriteUnion(shape, json, ref writer);
                writer.Ascend();
                break;
            default:
                throw new InvalidOperationException($"Unknown shape {shape.Kind}.");
        }
    }

    private static void WriteNull(MessageShape shape, ref MessagePackWriter writer)
    {
        bool legal = shape.Kind switch
        {
            MessageShapeKind.String or MessageShapeKind.Binary or MessageShapeKind.Uri or MessageShapeKind.Nullable or MessageShapeKind.List
                or MessageShapeKind.Dictionary or MessageShapeKind.Union => true,
            MessageShapeKind.Message or MessageShapeKind.Tuple => !shape.IsStruct,
            _ => false,
        };
        if (!legal)
        {
            throw new MessageFormatException($"JSON null stands where a value of kind {shape.Kind} is needed.");
        }

        writer.WriteNil();
    }

    private static void WriteDictionary(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        MessageShape key = shape.Item(0), value = shape.Item(1);
        if (json.ValueKind == JsonValueKind.Object)
        {
            writer.WriteMapHeader(json.EnumerateObject().Count());
            foreach (JsonProperty property in json.EnumerateObject())
            {
                JsonKeys.Write(key, property.Name, ref writer);
                Write(value, property.Value, ref writer);
            }

            return;
        }

        writer.WriteMapHeader(Length(json));
        foreach (JsonElement pair in json.EnumerateArray())
        {
            if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
            {
                throw Wrong(pair, "a pair of key and value");
            }

            Write(key, pair[0], ref writer);
            Write(value, pair[1], ref writer);
        }
    }

    private static int Length(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() : throw Wrong(json, "an array");

    private static MessageFormatException Wrong(JsonElement json, string expected)
    {
        string text = json.GetRawText();
        return new($"Expected {expected} in JSON, found {(text.Length <= 60 ? text : text[..60] + "...")}.");
    }
}
