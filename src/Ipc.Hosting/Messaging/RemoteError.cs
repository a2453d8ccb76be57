using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>The body of an error frame: why a request failed.</summary>
/// <param name="Reason">Why, for code.</param>
/// <param name="TypeName">The exception's type, when a listener threw.</param>
/// <param name="Message">Why, in words.</param>
/// <param name="StackTrace">Where, when the cluster sends stack traces.</param>
internal sealed record RemoteError(IpcError Reason, string? TypeName, string Message, string? StackTrace)
{
    /// <summary>Reads and writes it.</summary>
    public static MessageSerializer<RemoteError> Serializer { get; } = new RemoteErrorSerializer();

    /// <summary>What the asker throws.</summary>
    public IpcException ToException(PeerId peer, string action) => Reason == IpcError.ListenerFailed
        ? new RemoteException(peer, action, TypeName ?? "an exception", Message, StackTrace)
        : new IpcException(Reason, Message);

    private sealed class RemoteErrorSerializer : MessageSerializer<RemoteError>
    {
        private const int MemberCount = 4;

        public override MessageShape Shape => MessageShape.Any;

        public override void Write(ref MessagePackWriter writer, RemoteError value)
        {
            writer.WriteArrayHeader(MemberCount);
            writer.Write((byte)value.Reason);
            writer.Write(value.TypeName);
            writer.Write(value.Message);
            writer.Write(value.StackTrace);
        }

        public override RemoteError Read(ref MessagePackReader reader)
        {
            int count = reader.ReadArrayHeader();
            if (count < MemberCount)
            {
                throw new MessageFormatException($"An error frame has {count} members instead of {MemberCount}.");
            }

            var error = new RemoteError((IpcError)reader.ReadByte(), reader.ReadString(), reader.ReadString() ?? "", reader.ReadString());
            for (int i = MemberCount; i < count; i++)
            {
                reader.Skip();
            }

            return error;
        }
    }
}
