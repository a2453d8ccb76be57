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
}
