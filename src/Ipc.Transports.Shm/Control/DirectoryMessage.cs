namespace Ipc.Transports.Control;

/// <summary>The directory on the wire: its number, the distinct sets of actions, then one row per peer that names its set.</summary>
internal static class DirectoryMessage
{
    private const byte NotReady = 0;
    private const byte Ready = 1;
    private const byte GivenUp = 2;
    private const byte Closing = 3;
    private const byte ReadyAndClosing = 4;

    /// <summary>Writes the message.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="number">Which one it is.</param>
    /// <param name="wantsAnswer">Whether who gets it is to say so.</param>
    public static byte[] Write(PeerDirectory directory, uint number, bool wantsAnswer)
    {
        var sets = new List<PeerActions>();
        var numbers = new Dictionary<PeerActions, int>(ReferenceEqualityComparer.Instance);
        foreach (PeerInfo peer in directory.Peers)
        {
            if (numbers.TryAdd(peer.Actions, sets.Count))
            {
                sets.Add(peer.Actions);
            }
        }

        ControlWriter writer = new ControlWriter(ControlMessageType.Directory).UInt32(number).Boolean(wantsAnswer).UInt32((uint)sets.Count);
        foreach (PeerActions set in sets)
        {
            writer.UInt32((uint)set.Texts.Count);
            foreach (string text in set.Texts)
            {
                writer.Text(text);
            }
        }

        writer.UInt32((uint)directory.Peers.Count);
        foreach (PeerInfo peer in directory.Peers)
        {
            writer.Peer(peer.Id).Byte(StateOf(peer)).UInt32((uint)numbers[peer.Actions]);
        }

        return writer.ToMessage();
    }

    /// <summary>Reads the payload; sets that <paramref name="known"/> holds already are shared with it.</summary>
    /// <param name="payload">May be anything.</param>
    /// <param name="known">The sets of earlier ones.</param>
    /// <param name="directory">The directory, when it is one.</param>
    /// <param name="answer">Its number, where the supervisor wants an answer.</param>
    public static bool TryRead(ReadOnlySpan<byte> payload, ActionSets known, out PeerDirectory? directory, out uint? answer)
    {
        directory = null;
        answer = null;
        var reader = new ControlReader(payload);
        if (!reader.TryUInt32(out uint number) || !reader.TryBoolean(out bool wantsAnswer))
        {
            return false;
        }

        answer = wantsAnswer ? number : null;
        if (!reader.TryNonNegative(out int setCount) || setCount > reader.Remaining / 4)
        {
            return false;
        }

        var sets = new PeerActions[setCount];
        for (int i = 0; i < setCount; i++)
        {
            if (!TryReadNames(ref reader, out string[] names))
            {
                return false;
            }

            sets[i] = known.Share(names);
        }

        if (!reader.TryNonNegative(out int peerCount) || peerCount > reader.Remaining / 8)
        {
            return false;
        }

        var peers = new PeerInfo[peerCount];
        for (int i = 0; i < peerCount; i++)
        {
            if (!reader.TryPeer(out PeerId id) || !reader.TryByte(out byte state) || state > ReadyAndClosing || !reader.TryNonNegative(out int set) || set >= setCount)
            {
                return false;
            }

            peers[i] = new PeerInfo(id, state is Ready or ReadyAndClosing, sets[set], state == GivenUp, state is Closing or ReadyAndClosing);
        }

        if (!reader.IsAtEnd)
        {
            return false;
        }

        directory = new PeerDirectory(peers);
        return true;
    }

    private static byte StateOf(PeerInfo peer) => peer switch
    {
        { IsGivenUp: true } => GivenUp,
        { IsClosing: true } => peer.IsReady ? ReadyAndClosing : Closing,
        _ => peer.IsReady ? Ready : NotReady,
    };

    private static bool TryReadNames(ref ControlReader reader, out string[] names)
    {
        names = [];
        if (!reader.TryNonNegative(out int count) || count > reader.Remaining / 2)
        {
            return false;
        }

        names = new string[count];
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryText(out names[i]))
            {
                return false;
            }
        }

        return true;
    }
}
