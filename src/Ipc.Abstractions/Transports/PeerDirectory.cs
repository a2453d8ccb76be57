namespace Ipc.Transports;

/// <summary>Everybody in the cluster, at one moment. Immutable.</summary>
public sealed class PeerDirectory
{
    private readonly Dictionary<string, PeerInfo[]> _slots;
    private readonly Dictionary<string, PeerInfo[]> _groups;

    /// <summary>Makes a directory.</summary>
    /// <param name="peers">Every worker id of every group, the supervisor, and the clients.</param>
    public PeerDirectory(IEnumerable<PeerInfo> peers)
    {
        ArgumentNullException.ThrowIfNull(peers);
        Peers = [.. peers];
        Workers = [.. Peers.Where(p => p is { Id.Kind: PeerKind.Worker, IsTarget: true })];
        Clients = [.. Peers.Where(p => p is { Id.Kind: PeerKind.Client, IsReady: true })];
        _slots = Peers.Where(p => p.Id.Kind == PeerKind.Worker).GroupBy(p => p.Id.Group, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.OrderBy(p => p.Id.WorkerId).ToArray(), StringComparer.Ordinal);
        _groups = Workers.Count == _slots.Values.Sum(slots => slots.Length)
            ? _slots
            : _slots.ToDictionary(g => g.Key, g => Array.FindAll(g.Value, p => p.IsTarget), StringComparer.Ordinal);
    }

    /// <summary>Nobody.</summary>
    public static PeerDirectory Empty { get; } = new([]);

    /// <summary>Everybody.</summary>
    public IReadOnlyList<PeerInfo> Peers { get; }

    /// <summary>Every worker id of every group that is neither given up nor taken away.</summary>
    public IReadOnlyList<PeerInfo> Workers { get; }

    /// <summary>Every client that is ready.</summary>
    public IReadOnlyList<PeerInfo> Clients { get; }

    /// <summary>The names of the groups, also of those that have no worker left.</summary>
    public IReadOnlyCollection<string> Groups => _groups.Keys;

    /// <summary>The workers of a group that are neither given up nor taken away, in the order of their ids; empty when there is no such group.</summary>
    public IReadOnlyList<PeerInfo> GetGroup(string name) => _groups.TryGetValue(name, out PeerInfo[]? workers) ? workers : [];

    /// <summary>The clients of a name that are ready.</summary>
    public IReadOnlyList<PeerInfo> GetClients(string name) => [.. Clients.Where(c => string.Equals(c.Id.Group, name, StringComparison.Ordinal))];

    /// <summary>The row of a slot, whatever its incarnation, given up or not; <see langword="null"/> when there is none.</summary>
    public PeerInfo? Find(PeerId id)
    {
        foreach (PeerInfo peer in id.Kind == PeerKind.Worker ? _slots.GetValueOrDefault(id.Group, []) : Peers)
        {
            if (peer.Id.IsSameSlot(id))
            {
                return peer;
            }
        }

        return null;
    }
}
