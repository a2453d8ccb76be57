using Ipc.Serialization;

namespace Ipc;

/// <summary>Another peer is there and ready: a worker, also each successor of one, a client, or the supervisor. Raised in every process that it is told to, once for each incarnation.</summary>
/// <param name="Peer">The peer.</param>
[Message]
public sealed record PeerJoined(PeerId Peer) : IMessage<PeerJoined>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "PEER.JOINED";

    /// <inheritdoc/>
    public static MessageSerializer<PeerJoined> Serializer { get; } = new MemberSerializer<PeerJoined>(members: 4, Write, Read);

    private static void Write(ref MessagePackWriter writer, PeerJoined value) => EventMembers.WritePeer(ref writer, value.Peer);

    private static PeerJoined Read(ref MessagePackReader reader) => new(EventMembers.ReadPeer(ref reader));
}
