using Ipc.Serialization;

namespace Ipc;

/// <summary>Asks the supervisor for another number of workers in a group: what <see cref="IWorkerControl.ScaleAsync"/> does, as a message that every peer can send to <see cref="Target.Supervisor"/>. The answer is the number.</summary>
/// <param name="Group">Which.</param>
/// <param name="Count">How many workers it is to have.</param>
[Message(Action)]
public sealed record ScaleWorkers(string Group, int Count) : IMessage<ScaleWorkers>, IRequestMessage<int>
{
    /// <summary>The message's action.</summary>
    public const string Action = "ipc.scale";

    /// <inheritdoc/>
    public static MessageSerializer<ScaleWorkers> Serializer { get; } = new MemberSerializer<ScaleWorkers>(members: 2, Write, Read, Action);

    private static void Write(ref MessagePackWriter writer, ScaleWorkers value)
    {
        writer.Write(value.Group);
        writer.Write(value.Count);
    }

    private static ScaleWorkers Read(ref MessagePackReader reader) => new(reader.ReadString() ?? "", reader.ReadInt32());
}
