using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Values of which no shape is known.</content>
internal static partial class JsonBodyWriter
{
    private static void WriteAny(JsonElement json, ref MessagePackWriter writer)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteMapHeader(json.EnumerateObject().Count());
                writer.Descend();
                foreach (JsonProperty property in json.EnumerateObject())
                {
                    writer.Write(property.Name);
                    WriteAny(property.Value, ref writer);
                }

                writer.Ascend();
                break;
            case JsonValueKind.Array:
                writer.WriteArrayHeader(json.GetArrayLength());
                writer.Descend();
                foreach (JsonElement element in json.EnumerateArray())
                {
                    WriteAny(element, ref writer);
                }

                writer.Ascend();
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
}
