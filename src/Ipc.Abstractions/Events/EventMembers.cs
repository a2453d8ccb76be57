using Ipc.Serialization;

namespace Ipc;

/// <summary>The members that several events have.</summary>
internal static class EventMembers
{
    public static void WritePeer(ref MessagePackWriter writer, PeerId peer)
    {
        writer.Write((int)peer.Kind);
        writer.Write(peer.Group);
        writer.Write(peer.WorkerId);
        writer.Write(peer.Incarnation);
    }

    public static PeerId ReadPeer(ref MessagePackReader reader) =>
        new((PeerKind)reader.ReadInt32(), reader.ReadString() ?? "", reader.ReadInt32(), reader.ReadInt32());

    public static void Write(ref MessagePackWriter writer, int? value)
    {
        if (value is { } number)
        {
            writer.Write(number);
        }
        else
        {
            writer.WriteNil();
        }
    }

    public static int? ReadNumber(ref MessagePackReader reader) => reader.TryReadNil() ? null : reader.ReadInt32();

    public static void Write(ref MessagePackWriter writer, IReadOnlyList<ActionCount> counts)
    {
        writer.WriteArrayHeader(counts.Count);
        foreach (ActionCount count in counts)
        {
            writer.WriteArrayHeader(2);
            writer.Write(count.Action);
            writer.Write(count.Count);
        }
    }

    public static IReadOnlyList<ActionCount> ReadCounts(ref MessagePackReader reader)
    {
        var counts = new ActionCount[reader.ReadArrayHeader()];
        for (int i = 0; i < counts.Length; i++)
        {
            reader.ReadArrayHeader();
            counts[i] = new ActionCount(reader.ReadString() ?? "", reader.ReadInt64());
        }

        return counts;
    }
}
