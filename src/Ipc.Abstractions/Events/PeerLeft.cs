using Ipc.Serialization;

namespace Ipc;

/// <summary>Another peer that was there and ready has gone, or this client has lost its connection to all of them. Raised in every process that it is told to, once for each incarnation.</summary>
/// <param name="Peer">The peer.</param>
[Message]
public sealed record PeerLeft(PeerId Peer) : IMessage<PeerLeft>
{
    /// <summary>The event's name.</summary>
    public const string EventName = "PEER.LEFT";

    /// <inheritdoc/>
    public static MessageSerializer<PeerLeft> Serializer { get; } = new MemberSerializer<PeerLeft>(members: 4, Write, Read);

    private static void Write(ref MessagePackWriter writer, PeerLeft value) => EventMembers.WritePeer(ref writer, value.Peer);

    private static PeerLeft Read(ref MessagePackReader reader) => new(EventMembers.ReadPeer(ref reader));
}
