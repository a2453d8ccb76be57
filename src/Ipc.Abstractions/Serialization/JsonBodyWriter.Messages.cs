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
}
