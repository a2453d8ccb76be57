using Ipc.Serialization;

namespace Ipc;

/// <summary>Writes and reads an event that this library raises: an array of its members. Members that a later version adds behind them are passed over.</summary>
/// <typeparam name="T">The event's message.</typeparam>
/// <param name="members">How many there are; a peer is four.</param>
/// <param name="write">Writes them.</param>
/// <param name="read">Reads them.</param>
internal sealed class EventSerializer<T>(int members, EventSerializer<T>.Writing write, EventSerializer<T>.Reading read) : MessageSerializer<T>
{
    public delegate void Writing(ref MessagePackWriter writer, T value);

    public delegate T Reading(ref MessagePackReader reader);

    public override MessageShape Shape => MessageShape.Any;

    public override void Write(ref MessagePackWriter writer, T value)
    {
        writer.WriteArrayHeader(members);
        write(ref writer, value);
    }

    public override T Read(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count < members)
        {
            throw new MessageFormatException($"{typeof(T).Name} has {count} members instead of {members}.");
        }

        T value = read(ref reader);
        for (int i = members; i < count; i++)
        {
            reader.Skip();
        }

        return value;
    }
}
