using Ipc.Serialization;

namespace Ipc;

/// <summary>
/// A one-way message that was set aside: its listener had started in a process that died, and it is not given to a listener again; or a message of a queue whose listener threw or that found no
/// subscriber. Raised once, in the process that sets it aside, as the event <see cref="EventName"/>, beside a log line and the counter <c>ipc.messages.dead_lettered</c>.
/// </summary>
/// <remarks>
/// Listen with <c>[Listener(DeadLetter.EventName)] class X : IListener&lt;DeadLetter&gt;</c>. Should the process die in such a listener too, the message is reported as lost and not raised again.
/// </remarks>
/// <param name="Reason">Why it is not given to a listener again.</param>
/// <param name="Action">Its action, or the action's hash in hexadecimal when this process does not know it.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="MessageId">The sender's number for it.</param>
/// <param name="DeliveryCount">How often its listener was started.</param>
/// <param name="Body">Its MessagePack body, as it was sent.</param>
[Message]
public sealed record DeadLetter(DeadLetterReason Reason, string Action, PeerId Sender, long MessageId, int DeliveryCount, ReadOnlyMemory<byte> Body) : IMessage<DeadLetter>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "WORKER.DEADLETTER";

    /// <inheritdoc/>
    public static MessageSerializer<DeadLetter> Serializer { get; } = new MemberSerializer<DeadLetter>(members: 9, Write, Read);

    private static void Write(ref MessagePackWriter writer, DeadLetter value)
    {
        writer.Write((int)value.Reason);
        writer.Write(value.Action);
        EventMembers.WritePeer(ref writer, value.Sender);
        writer.Write(value.MessageId);
        writer.Write(value.DeliveryCount);
        writer.WriteBinary(value.Body.Span);
    }

    private static DeadLetter Read(ref MessagePackReader reader) => new(
        (DeadLetterReason)reader.ReadInt32(),
        reader.ReadString() ?? "",
        EventMembers.ReadPeer(ref reader),
        reader.ReadInt64(),
        reader.ReadInt32(),
        reader.ReadBytes());
}
