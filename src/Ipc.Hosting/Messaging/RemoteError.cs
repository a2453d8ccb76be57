using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>The body of an error frame: why a request failed.</summary>
/// <param name="Reason">Why, for code.</param>
/// <param name="TypeName">The exception's type, when a listener threw.</param>
/// <param name="Message">Why, in words.</param>
/// <param name="StackTrace">Where, when the cluster sends stack traces.</param>
internal sealed record RemoteError(IpcError Reason, string? TypeName, string Message, string? StackTrace)
{
    private const string Ellipsis = "...";

    /// <summary>The simple values of the exception's data; <see langword="null"/> when there are none.</summary>
    public MessageBody? Data { get; init; }

    /// <summary>Reads and writes it.</summary>
    public static MessageSerializer<RemoteError> Serializer { get; } = new RemoteErrorSerializer();

    /// <summary>The failure of code that is not ours. Never throws, whatever the exception does.</summary>
    /// <param name="error">What it threw.</param>
    /// <param name="withStackTrace">Whether to tell where.</param>
    /// <param name="maxMessageSize">The most bytes of a frame.</param>
    public static RemoteError From(Exception error, bool withStackTrace, int maxMessageSize)
    {
        string? type = error.GetType().FullName;
        try
        {
            return new RemoteError(IpcError.ListenerFailed, type, error.Message, withStackTrace ? error.StackTrace : null) { Data = DataOf(error, maxMessageSize) };
        }
#pragma warning disable CA1031 // An exception's properties are virtual.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new RemoteError(IpcError.ListenerFailed, type, $"what it says about itself cannot be read: that throws {e.GetType().FullName}.", null);
        }
    }

    /// <summary>What the asker is told about a message whose bytes are none.</summary>
    public static RemoteError Undecodable(MessageFormatException error, string action) =>
        new(IpcError.BadMessage, null, $"\"{action}\" could not be decoded: {error.Message}", null);

    /// <summary>The same error, its texts cut where its frame could be larger than allowed.</summary>
    /// <param name="maxMessageSize">The most bytes of a frame, at least <see cref="Options.OptionLimits.MinMessageSize"/>.</param>
    public RemoteError FitInto(int maxMessageSize)
    {
        // A quarter of the bytes as characters, which take three bytes at most: a quarter is left, one half of it for the data and one for the rest of the frame.
        return this with
        {
            TypeName = Cut(TypeName, maxMessageSize / 16),
            Message = Cut(Message, maxMessageSize / 8) ?? "",
            StackTrace = Cut(StackTrace, maxMessageSize / 16),
        };
    }

    /// <summary>What the asker throws.</summary>
    /// <exception cref="MessageFormatException">The data is none.</exception>
    public IpcException ToException(PeerId peer, string action)
    {
        if (Reason != IpcError.ListenerFailed)
        {
            return new IpcException(Reason, Message);
        }

        var error = new RemoteException(peer, action, TypeName ?? "an exception", Message, StackTrace);
        if (Data is not null)
        {
            ExceptionData.Read(Data, error.Data);
        }

        return error;
    }

    private static MessageBody? DataOf(Exception error, int maxMessageSize)
    {
        try
        {
            return ExceptionData.Write(error.Data, Math.Min(ExceptionData.MaxSize, maxMessageSize / 8));
        }
#pragma warning disable CA1031 // An exception's properties are virtual, and others may change its data meanwhile: type and message are worth more.
        catch (Exception)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static string? Cut(string? text, int length) => text is null || text.Length <= length ? text : $"{text.AsSpan(0, length - Ellipsis.Length)}{Ellipsis}";

    private sealed class RemoteErrorSerializer : MessageSerializer<RemoteError>
    {
        private const int MemberCount = 5;
        private const int FirstMemberCount = 4;

        public override MessageShape Shape => MessageShape.Any;

        public override void Write(ref MessagePackWriter writer, RemoteError value)
        {
            writer.WriteArrayHeader(MemberCount);
            writer.Write((byte)value.Reason);
            writer.Write(value.TypeName);
            writer.Write(value.Message);
            writer.Write(value.StackTrace);
            BuiltInSerializers.Body.Write(ref writer, value.Data ?? MessageBody.Nil);
        }

        public override RemoteError Read(ref MessagePackReader reader)
        {
            int count = reader.ReadArrayHeader();
            if (count < FirstMemberCount)
            {
                throw new MessageFormatException($"An error frame has {count} members instead of {MemberCount}.");
            }

            var error = new RemoteError((IpcError)reader.ReadByte(), reader.ReadString(), reader.ReadString() ?? "", reader.ReadString());
            if (count > FirstMemberCount && !reader.TryReadNil())
            {
                error = error with { Data = BuiltInSerializers.Body.Read(ref reader) };
            }

            for (int i = MemberCount; i < count; i++)
            {
                reader.Skip();
            }

            return error;
        }
    }
}
