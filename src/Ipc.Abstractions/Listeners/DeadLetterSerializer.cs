using Ipc.Serialization;

namespace Ipc;

/// <summary>Writes and reads a <see cref="DeadLetter"/>: an array in the order of its members, the sender as four of them.</summary>
internal sealed class DeadLetterSerializer : MessageSerializer<DeadLetter>
{
    private const int MemberCount = 9;

    public override MessageShape Shape => MessageShape.Any;

    public override void Write(ref MessagePackWriter writer, DeadLetter value)
    {
        writer.WriteArrayHeader(MemberCount);
        writer.Write((int)value.Reason);
        writer.Write(value.Action);
        writer.Write((int)value.Sender.Kind);
        writer.Write(value.Sender.Group);
        writer.Write(value.Sender.WorkerId);
        writer.Write(value.Sender.Incarnation);
        writer.Write(value.MessageId);
        writer.Write(value.DeliveryCount);
        writer.WriteBinary(value.Body.Span);
    }

    public override DeadLetter Read(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count < MemberCount)
        {
            throw new MessageFormatException($"A dead letter has {count} members instead of {MemberCount}.");
        }

        var reason = (DeadLetterReason)reader.ReadInt32();
        string action = reader.ReadString() ?? "";
        var sender = new PeerId((PeerKind)reader.ReadInt32(), reader.ReadString() ?? "", reader.ReadInt32(), reader.ReadInt32());
        var letter = new DeadLetter(reason, action, sender, reader.ReadInt64(), reader.ReadInt32(), reader.ReadBytes());
        for (int i = MemberCount; i < count; i++)
        {
            reader.Skip();
        }

        return letter;
    }
}
