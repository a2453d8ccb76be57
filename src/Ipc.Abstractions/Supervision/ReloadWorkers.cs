using Ipc.Serialization;

namespace Ipc;

/// <summary>Asks the supervisor to replace the workers of a group while they work: what <see cref="IWorkerControl.ReloadAsync"/> does, as a message that every peer can send to <see cref="Target.Supervisor"/>.</summary>
/// <param name="Group">Which.</param>
[Message(Action)]
public sealed record ReloadWorkers(string Group) : IMessage<ReloadWorkers>, IRequestMessage<ReloadResult>
{
    /// <summary>The message's action.</summary>
    public const string Action = "ipc.reload";

    /// <inheritdoc/>
    public static MessageSerializer<ReloadWorkers> Serializer { get; } = new MemberSerializer<ReloadWorkers>(members: 1, Write, Read, Action);

    private static void Write(ref MessagePackWriter writer, ReloadWorkers value) => writer.Write(value.Group);

    private static ReloadWorkers Read(ref MessagePackReader reader) => new(reader.ReadString() ?? "");
}
