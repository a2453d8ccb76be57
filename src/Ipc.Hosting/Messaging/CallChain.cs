using System.Buffers;
using System.Text;
using Ipc.Serialization;

namespace Ipc.Messaging;

/// <summary>The listeners that wait for a request, oldest first, each asked by the one before it. Immutable.</summary>
/// <remarks>Of the first one only the peer counts: it sent the message that the second one is handling.</remarks>
internal sealed class CallChain
{
    /// <summary>The longest chain; a longer one loses its oldest calls.</summary>
    public const int MaxCalls = 32;

    /// <summary>How many bytes a chain may take.</summary>
    public const int MaxSize = 32 << 10;

    private const int MemberCount = 6;
    private const int MaxActionLength = 128; // names are for people to read
    private readonly byte[] _calls;

    private CallChain(byte[] calls)
    {
        _calls = calls;
    }

    /// <summary>How it travels: an array (kind, group, worker id, incarnation, action, correlation) for each call.</summary>
    public ReadOnlySpan<byte> Bytes => _calls;

    /// <summary>The chain of a message that no listener waits for.</summary>
    public static CallChain StartingWith(PeerId sender) => new(Encode(sender, "", 0));

    /// <summary>Reads bytes that may be anything.</summary>
    /// <exception cref="MessageFormatException">They are not a chain.</exception>
    public static CallChain Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new MessagePackReader(bytes);
        for (int count = 0; !reader.End; count++)
        {
            if (count == MaxCalls)
            {
                throw new MessageFormatException($"A call chain of more than {MaxCalls} calls.");
            }

            ReadCall(ref reader);
        }

        return new CallChain(bytes.ToArray());
    }

    /// <summary>The chain of a request that is sent by a listener.</summary>
    /// <param name="peer">Where the listener runs.</param>
    /// <param name="action">What it listens to.</param>
    /// <param name="correlation">The message that it is handling.</param>
    public CallChain Append(PeerId peer, string action, long correlation)
    {
        byte[] call = Encode(peer, action.Length <= MaxActionLength ? action : action[..MaxActionLength], correlation);
        int count = 0;
        var reader = new MessagePackReader(_calls);
        for (; !reader.End; count++)
        {
            reader.Skip();
        }

        reader = new MessagePackReader(_calls);
        for (; !reader.End && (count >= MaxCalls || reader.Remaining.Length + call.Length > MaxSize); count--)
        {
            reader.Skip();
        }

        return new CallChain([.. reader.Remaining, .. call]);
    }

    /// <summary>Whether one of the waiting listeners is handling the message that a request is about to wait for.</summary>
    /// <param name="self">Where the request has arrived.</param>
    /// <param name="sender">Who sent it, and the message before it.</param>
    /// <param name="holder">The correlation of the message that is being handled.</param>
    /// <param name="action">What both are.</param>
    /// <returns>The cycle, to be read by people; <see langword="null"/> when there is none.</returns>
    public string? FindCycle(PeerId self, PeerId sender, long holder, string action)
    {
        StringBuilder? cycle = null;
        PeerId asker = default;
        var reader = new MessagePackReader(_calls);
        while (!reader.End)
        {
            (PeerId peer, string name, long correlation) = ReadCall(ref reader);
            if (cycle is null && correlation == holder && peer == self && asker == sender)
            {
                cycle = new StringBuilder();
            }

            cycle?.Append(peer).Append(" \"").Append(name).Append("\" -> ");
            asker = peer;
        }

        return cycle?.Append(self).Append(" \"").Append(action).Append('"').ToString();
    }

    private static byte[] Encode(PeerId peer, string action, long correlation)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(output);
        writer.WriteArrayHeader(MemberCount);
        writer.Write((byte)peer.Kind);
        writer.Write(peer.Group);
        writer.Write(peer.WorkerId);
        writer.Write(peer.Incarnation);
        writer.Write(action);
        writer.Write(correlation);
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static (PeerId Peer, string Action, long Correlation) ReadCall(ref MessagePackReader reader)
    {
        int count = reader.ReadArrayHeader();
        if (count < MemberCount)
        {
            throw new MessageFormatException($"A call of a call chain has {count} members instead of {MemberCount}.");
        }

        var peer = new PeerId((PeerKind)reader.ReadByte(), reader.ReadString() ?? "", reader.ReadInt32(), reader.ReadInt32());
        string action = reader.ReadString() ?? "";
        long correlation = reader.ReadInt64();
        for (int i = MemberCount; i < count; i++)
        {
            reader.Skip();
        }

        return (peer, action, correlation);
    }
}
