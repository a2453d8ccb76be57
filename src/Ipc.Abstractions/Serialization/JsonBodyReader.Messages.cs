using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Messages and unions.</content>
internal static partial class JsonBodyReader
{
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
}
