using System.Text.Json;

namespace Ipc.Serialization;

/// <content>Values of which no shape is known.</content>
internal static partial class JsonBodyReader
{
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
}
