using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Messages, their missing members, and unions.</content>
internal static partial class JsonBodyWriter
{
    private static void WriteMessage(MessageShape shape, JsonElement json, ref MessagePackWriter writer)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw Wrong(json, "an object");
        }

        WriteMembers(shape, Find(shape, json), ref writer);
    }

    /// <summary>Writes a message.</summary>
    /// <param name="shape">The message.</param>
    /// <param name="found">The value of each member, where there is one.</param>
    /// <param name="writer">Where to.</param>
    private static void WriteMembers(MessageShape shape, JsonElement?[] found, ref MessagePackWriter writer)
    {
        if (shape.IsMap)
        {
            writer.WriteMapHeader(found.Count(value => value is not null));
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

        int last = Array.FindLastIndex(found, value => value is not null);

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

    /// <summary>The members' values in one pass, however many properties the text has: exact names first, then names in another case.</summary>
    private static JsonElement?[] Find(MessageShape shape, JsonElement json)
    {
        var exact = new JsonElement?[shape.Members.Count];
        var similar = new JsonElement?[shape.Members.Count];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            int index = shape.IndexOf(property.Name, out bool isExact);
            if (index < 0)
            {
                continue;
            }

            if (isExact)
            {
                exact[index] = property.Value;
            }
            else
            {
                similar[index] ??= property.Value;
            }
        }

        for (int i = 0; i < exact.Length; i++)
        {
            exact[i] ??= similar[i];
        }

        return exact;
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
                writer.Descend();
                for (int i = 0; i < shape.ItemCount; i++)
                {
                    WriteDefault(shape.Item(i), ref writer);
                }

                writer.Ascend();
                break;
            case MessageShapeKind.Message when shape.IsStruct:
                writer.Descend();
                if (shape.IsMap)
                {
                    writer.WriteMapHeader(0);
                }
                else
                {
                    writer.WriteArrayHeader(0);
                }

                writer.Ascend();
                break;
            default:
                writer.WriteNil();
                break;
        }
    }
}
