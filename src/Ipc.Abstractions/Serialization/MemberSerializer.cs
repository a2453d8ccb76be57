namespace Ipc.Serialization;

/// <summary>Writes and reads a message of this library's own: an array of its members. Members that a later version adds behind them are passed over.</summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="members">How many there are; a peer is four.</param>
/// <param name="write">Writes them.</param>
/// <param name="read">Reads them.</param>
/// <param name="action">Its action; events have none.</param>
internal sealed class MemberSerializer<T>(int members, MemberSerializer<T>.Writing write, MemberSerializer<T>.Reading read, string? action = null)
    : MessageSerializer<T>(action)
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
