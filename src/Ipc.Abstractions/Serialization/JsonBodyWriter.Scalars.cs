using System.Globalization;
using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Numbers, text and names.</content>
internal static partial class JsonBodyWriter
{
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
}
