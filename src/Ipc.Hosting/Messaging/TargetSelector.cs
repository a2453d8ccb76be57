using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Finds the peers that a target means, when it is known what they listen to.</summary>
internal sealed class TargetSelector(Peer peer)
{
    /// <summary>Whether it is known of everybody what they listen to, or for any-of targets of one that he listens: another one may still start that does.</summary>
    public static bool AreKnown(IReadOnlyList<PeerInfo> peers, Target target, ulong hash)
    {
        bool one = target.IsOneOfSeveral();
        bool all = true;
        for (int i = 0; i < peers.Count; i++) // an enumerator of an interface would be allocated for each message
        {
            if (one && peers[i].Actions.Contains(hash))
            {
                return true;
            }

            all &= IsKnown(peers[i]);
        }

        return all;
    }

    /// <summary>Whether the peer, or its predecessor, has connected: then it is known what it listens to, and its inbox takes messages.</summary>
    public static bool IsKnown(PeerInfo info) => info.Id.Incarnation > 0;

    /// <summary>Throws when the peer has no listener for the action.</summary>
    public static void ThrowIfDeaf(PeerInfo info, string action, ulong hash)
    {
        if (!info.Actions.Contains(hash))
        {
            throw ActionSuggestion.NoListener(action, info);
        }
    }

    /// <summary>Resolves a target and waits until everybody in it has connected once, so that it is known what they listen to; of any-of targets, until one that listens has.</summary>
    public async ValueTask<IReadOnlyList<PeerInfo>> ResolveReadyAsync(Cluster cluster, Target target, ulong hash, StartWait wait, CancellationToken cancellationToken)
    {
        PeerDirectory directory = cluster.Transport.Directory;
        IReadOnlyList<PeerInfo> peers = TargetResolver.Resolve(target, directory, peer.Id);
        if (AreKnown(peers, target, hash))
        {
            return peers;
        }

        while (true)
        {
            if (!await peer.WaitForDirectoryAsync(cluster, directory, wait, cancellationToken).ConfigureAwait(false))
            {
                throw new IpcException(
                    IpcError.NotRunning,
                    $"{string.Join(", ", peers.Where(p => !IsKnown(p)).Select(p => $"{p.Id.Group}/{p.Id.WorkerId}"))} did not become ready within {wait}, so nothing was sent.");
            }

            directory = cluster.Transport.Directory;
            peers = TargetResolver.Resolve(target, directory, peer.Id);
            if (AreKnown(peers, target, hash))
            {
                return peers;
            }
        }
    }

    /// <summary>Whether nobody is meant by the worker id any more: it was taken away, or given up, since the target was resolved.</summary>
    public static bool HasLeft(Cluster cluster, PeerInfo info) => cluster.Transport.Directory.Find(info.Id) is not { IsTarget: true };

    /// <summary>Of the peers that listen, the one with the fewest open requests of this process; equals take turns. Ready ones first.</summary>
    public PeerInfo LeastLoaded(Cluster cluster, IReadOnlyList<PeerInfo> peers, string action, ulong hash, Target target)
    {
        int start = (int)((uint)peer.NextTurn() % (uint)peers.Count);
        PeerInfo? best = Find(cluster, peers, hash, start, out int load);
        if (load > 0 && peers.Count > 1)
        {
            cluster.Transport.ReadAnswers(); // answers that nobody awaits yet are unread: their requests are not open any more
            best = Find(cluster, peers, hash, start, out _);
        }

        return best ?? throw ActionSuggestion.NoListener(action, target, peers);
    }

    private static PeerInfo? Find(Cluster cluster, IReadOnlyList<PeerInfo> peers, ulong hash, int start, out int bestLoad)
    {
        PeerInfo? best = null;
        bestLoad = int.MaxValue;
        for (int i = 0; i < peers.Count; i++)
        {
            PeerInfo info = peers[(start + i) % peers.Count];
            if (!info.Actions.Contains(hash))
            {
                continue;
            }

            int load = (cluster.Routes.TryGet(info.Id, LaneKind.Inbox)?.InFlight ?? 0) + (info.IsReady ? 0 : int.MaxValue / 2);
            if (load < bestLoad)
            {
                (best, bestLoad) = (info, load);
            }
        }

        return best;
    }
}
