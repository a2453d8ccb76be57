using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Ipc.Messaging;
using Ipc.Serialization;

namespace Ipc.JsonLines;

/// <summary>The lines that a client gets.</summary>
internal static class JsonAnswer
{
    private const int MaxTextLength = 4096;

    // Nobody puts these lines into a web page as they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>The answer to what has succeeded.</summary>
    /// <param name="output">Takes the line.</param>
    /// <param name="id">What the line said, as JSON.</param>
    /// <param name="body">The answer; <see langword="null"/> where there is none.</param>
    /// <param name="shape">What the answer is.</param>
    /// <exception cref="MessageFormatException">The body is not what the shape says.</exception>
    public static void WriteSuccess(IBufferWriter<byte> output, string? id, MessageBody? body, MessageShape shape)
    {
        using Utf8JsonWriter json = Begin(output, id, success: true);
        if (body is not null)
        {
            json.WritePropertyName("data");
            JsonMessageConverter.WriteJson(shape, body.Bytes.Span, json);
        }

        json.WriteEndObject();
    }

    /// <summary>The answer to what has failed.</summary>
    /// <param name="output">Takes the line.</param>
    /// <param name="id">What the line said, as JSON; <see langword="null"/> also where it could not be read.</param>
    /// <param name="error">Why.</param>
    public static void WriteError(IBufferWriter<byte> output, string? id, Exception error)
    {
        (IpcError reason, string message, string? type) = error switch
        {
            RemoteException remote => (remote.Reason, remote.RemoteMessage, remote.TypeName),
            IpcException ours => (ours.Reason, ours.Message, null),
            MessageFormatException => (IpcError.BadMessage, error.Message, null),
            _ => (IpcError.ListenerFailed, error.Message, error.GetType().FullName),
        };
        using Utf8JsonWriter json = Begin(output, id, success: false);
        json.WriteStartObject("error");
        json.WriteString("reason", reason.ToString());
        json.WriteString("message", message.Length <= MaxTextLength ? message : $"{message.AsSpan(0, MaxTextLength)}...");
        if (type is not null)
        {
            json.WriteString("type", type);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>A message for the client.</summary>
    /// <param name="output">Takes the line.</param>
    /// <param name="action">Its action.</param>
    /// <param name="body">Its body.</param>
    /// <param name="shape">What the body is.</param>
    /// <param name="from">Who sent it.</param>
    /// <exception cref="MessageFormatException">The body is not what the shape says.</exception>
    public static void WriteMessage(IBufferWriter<byte> output, string action, MessageBody body, MessageShape shape, PeerId from)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WriteString("action", action);
        json.WritePropertyName("data");
        JsonMessageConverter.WriteJson(shape, body.Bytes.Span, json);
        json.WriteString("from", from.ToString());
        json.WriteEndObject();
    }

    private static Utf8JsonWriter Begin(IBufferWriter<byte> output, string? id, bool success)
    {
        var json = new Utf8JsonWriter(output, Options);
        json.WriteStartObject();
        json.WritePropertyName("rid");
        json.WriteRawValue(id ?? "null", skipInputValidation: true);
        json.WriteBoolean("success", success);
        return json;
    }
}
