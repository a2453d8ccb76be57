using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Ipc.Serialization;

/// <summary>JSON to MessagePack: walks a parsed JSON value along a shape.</summary>
internal static class JsonBodyWriter
{
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
                writer.Write(BigInteger.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? digits : throw Wrong(json, "a whole number"));
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
                foreach (JsonElement element in json.EnumerateArray())
                {
                    Write(shape.Item(0), element, ref writer);
                }

                break;
            case MessageShapeKind.Tuple:
                if (Length(json) != shape.ItemCount)
                {
                    throw Wrong(json, $"an array of {shape.ItemCount}");
                }

                writer.WriteArrayHeader(shape.ItemCount);
                for (int i = 0; i < shape.ItemCount; i++)
                {
                    Write(shape.Item(i), json[i], ref writer);
                }

                break;
            case MessageShapeKind.Dictionary:
                WriteDictionary(shape, json, ref writer);
                break;
            case MessageShapeKind.Message:
                WriteMessage(shape, json, ref writer);
                break;
            case MessageShapeKind.Union:
                WriteUnion(shape, json, ref writer);
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

    private static void WriteMessage(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(json, "an object");
        }

        var found = new JsonElement?[shape.Members.Count];
        int last = -1, count = 0;
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = Find(json, shape.Members[i].Name);
            if (found[i] is not null)
            {
                last = i;
                count++;
            }
        }

        if (shape.IsMap)
        {
            writer.WriteMapHeader(count);
            for (int i = 0; i < found.Length; i++)
            {
                if (found[i] is { } value)
                {
                    writer.Write(shape.Members[i].Key);
                    Write(shape.Members[i].Shape, value, ref writer);
                }
            }

            return;
        }

        // What is missing at the end is left out, so that the type's own defaults hold.
        writer.WriteArrayHeader(last < 0 ? 0 : shape.Members[last].Index + 1);
        int next = 0;
        for (int i = 0; i <= last; i++)
        {
            MessageShapeMember member = shape.Members[i];
            for (; next < member.Index; next++)
            {
                writer.WriteNil();
            }

            if (found[i] is { } value && !(value.ValueKind == JsonValueKind.Null && member.NilIsDefault))
            {
                Write(member.Shape, value, ref writer);
            }
            else if (member.NilIsDefault)
            {
                writer.WriteNil();
            }
            else
            {
                WriteDefault(member.Shape, ref writer);
            }

            next++;
        }
    }

    private static JsonElement? Find(JsonElement json, string name)
    {
        if (json.TryGetProperty(name, out JsonElement exact))
        {
            return exact;
        }

        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return property.Value;
            }
        }

        return null;
    }

    private static void WriteUnion(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(JsonMessageConverter.UnionMember, out JsonElement key)
            || key.ValueKind != JsonValueKind.Number || !key.TryGetInt32(out int number))
        {
            throw Wrong(json, $"an object whose member {JsonMessageConverter.UnionMember} is the union's key");
        }

        foreach (MessageShapeCase item in shape.Cases)
        {
            if (item.Key == number)
            {
                writer.WriteArrayHeader(2);
                writer.Write(number);
                Write(item.Shape, json, ref writer);
                return;
            }
        }

        throw new MessageFormatException($"The union has no type with the key {number}.");
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

    private static void WriteEnumeration(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            writer.WriteEnumeration(shape, json.GetString()!);
        }
        else
        {
            WriteInteger(json, ref writer);
        }
    }

    internal static void WriteEnumeration(this ref MessagePackWriter writer, MessageShape shape, string name)
    {
        foreach (StringComparison comparison in (ReadOnlySpan<StringComparison>)[StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase])
        {
            foreach ((string known, long number) in shape.Names)
            {
                if (string.Equals(known, name, comparison))
                {
                    if (shape.IsUnsigned)
                    {
                        writer.Write((ulong)number);
                    }
                    else
                    {
                        writer.Write(number);
                    }

                    return;
                }
            }
        }

        if (long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
        {
            writer.Write(value);
            return;
        }

        throw new MessageFormatException($"\"{name}\" is none of the names {string.Join(", ", shape.Names.Select(pair => pair.Key))}.");
    }

    private static void WriteDefault(MessageShape shape, ref MessagePackWriter writer)
    {
        switch (shape.Kind)
        {
            case MessageShapeKind.Boolean:
                writer.Write(false);
                break;
            case MessageShapeKind.Integer or MessageShapeKind.Char or MessageShapeKind.Enumeration or MessageShapeKind.TimeSpan
                or MessageShapeKind.DateOnly or MessageShapeKind.TimeOnly:
                writer.Write(0);
                break;
            case MessageShapeKind.LargeInteger or MessageShapeKind.Decimal:
                writer.Write("0");
                break;
            case MessageShapeKind.Single:
                writer.Write(0f);
                break;
            case MessageShapeKind.Double:
                writer.Write(0d);
                break;
            case MessageShapeKind.Guid:
                writer.Write(Guid.Empty);
                break;
            case MessageShapeKind.DateTime:
                writer.Write(default(DateTime));
                break;
            case MessageShapeKind.DateTimeOffset:
                writer.Write(default(DateTimeOffset));
                break;
            case MessageShapeKind.Tuple when shape.IsStruct:
                writer.WriteArrayHeader(shape.ItemCount);
                for (int i = 0; i < shape.ItemCount; i++)
                {
                    WriteDefault(shape.Item(i), ref writer);
                }

                break;
            case MessageShapeKind.Message when shape.IsStruct && shape.IsMap:
                writer.WriteMapHeader(0);
                break;
            case MessageShapeKind.Message when shape.IsStruct:
                writer.WriteArrayHeader(0);
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteAny(JsonElement json, ref MessagePackWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(json.EnumerateObject().Count());
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    writer.Write(property.Name);
                    WriteAny(property.Value, ref writer);
                }

                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(json.GetArrayLength());
                foreach (JsonElement element in json.EnumerateArray())
                {
                    WriteAny(element, ref writer);
                }

                break;
            case JsonValueKind.String:
                writer.Write(Text(json));
                break;
            case JsonValueKind.Number when json.TryGetInt64(out long number):
                writer.Write(number);
                break;
            case JsonValueKind.Number when json.TryGetUInt64(out ulong large):
                writer.Write(large);
                break;
            case JsonValueKind.Number:
                writer.Write(Number(json));
                break;
            case JsonValueKind.True or JsonValueKind.False:
                writer.Write(json.ValueKind == JsonValueKind.True);
                break;
            default:
                writer.WriteNil();
                break;
        }
    }

    private static void WriteInteger(JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out long number))
        {
            writer.Write(number);
        }
        else if (json.ValueKind == JsonValueKind.Number && json.TryGetUInt64(out ulong large))
        {
            writer.Write(large);
        }
        else
        {
            throw Wrong(json, "a whole number");
        }
    }

    private static double Number(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number when json.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String => json.GetString() switch
        {
            "NaN" => double.NaN,
            "Infinity" => double.PositiveInfinity,
            "-Infinity" => double.NegativeInfinity,
            _ => throw Wrong(json, "a number"),
        },
        _ => throw Wrong(json, "a number"),
    };

    private static string NumberText(JsonElement json) => json.ValueKind == JsonValueKind.Number ? json.GetRawText() : throw Wrong(json, "a number");

    private static string Text(JsonElement json) => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong(json, "text");

    private static int Length(JsonElement json) => json.ValueKind == JsonValueKind.Array ? json.GetArrayLength() : throw Wrong(json, "an array");

    private static MessageFormatException Wrong(JsonElement json, string expected)
    {
        string text = json.GetRawText();
        return new($"Expected {expected} in JSON, found {(text.Length <= 60 ? text : text[..60] + "...")}.");
    }
}
