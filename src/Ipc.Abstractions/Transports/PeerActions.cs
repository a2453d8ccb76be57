namespace Ipc.Transports;

/// <summary>The actions that a peer listens to. Immutable; many peers share one instance.</summary>
public sealed class PeerActions
{
    private readonly HashSet<ulong> _hashes;

    /// <summary>Makes the set.</summary>
    /// <param name="names">Actions without <c>PIPE_MESSAGE.</c>.</param>
    public PeerActions(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        Names = [.. names];
        _hashes = [.. Names.Select(ActionHash.Compute)];
    }

    /// <summary>Listens to nothing.</summary>
    public static PeerActions None { get; } = new([]);

    /// <summary>The actions, for "did you mean".</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether there is a listener for the action.</summary>
    public bool Contains(ulong actionHash) => _hashes.Contains(actionHash);
}
