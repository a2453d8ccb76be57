namespace Ipc.Transports;

/// <summary>Everybody in the cluster, at one moment. Immutable.</summary>
public sealed class PeerDirectory
{
    private readonly Dictionary<string, PeerInfo[]> _groups;

    /// <summary>Makes a directory.</summary>
    /// <param name="peers">Every worker id of every group, the supervisor, and the clients.</param>
    public PeerDirectory(IEnumerable<PeerInfo> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        Peers = [.. peers];
        Workers = [.. Peers.Where(p => p.Id.Kind == PeerKind.Worker)];
        _groups = Workers.GroupBy(p => p.Id.Group, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(p => p.Id.WorkerId).ToArray(), StringComparer.Ordinal);
    }

    /// <summary>Nobody.</summary>
    public static PeerDirectory Empty { get; } = new([]);

    /// <summary>Everybody.</summary>
    public IReadOnlyList<PeerInfo> Peers { get; }

    /// <summary>Every worker id of every group.</summary>
    public IReadOnlyList<PeerInfo> Workers { get; }

    /// <summary>The names of the groups.</summary>
    public IReadOnlyCollection<string> Groups => _groups.Keys;

    /// <summary>The workers of a group in the order of their ids; empty when there is no such group.</summary>
    public IReadOnlyList<PeerInfo> GetGroup(string name) => _groups.TryGetValue(name, out PeerInfo[]? workers) ? workers : [];

    /// <summary>The row of a slot, whatever its incarnation; <see langword="null"/> when there is none.</summary>
    public PeerInfo? Find(PeerId id)
    {
        foreach (PeerInfo peer in id.Kind == PeerKind.Worker ? GetGroup(id.Group) : Peers)
        {
            if (peer.Id.IsSameSlot(id))
            {
                return peer;
            }
        }

        return null;
    }
}
