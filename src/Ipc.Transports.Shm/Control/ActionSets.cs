namespace Ipc.Transports.Control;

/// <summary>Shares equal sets of actions: the workers of a group announce the same ones at every start.</summary>
/// <param name="forClient">Whether they are for a client, which may not send to all of it.</param>
internal sealed class ActionSets(bool forClient = false)
{
    private const int Capacity = 64;
    private readonly List<PeerActions> _sets = [PeerActions.None];

    /// <summary>The set with these texts in this order; one that is known already when there is one.</summary>
    public PeerActions Share(IReadOnlyList<string> texts)
    {
        foreach (PeerActions set in _sets)
        {
            if (set.Texts.SequenceEqual(texts, StringComparer.Ordinal))
            {
                return set;
            }
        }

        var added = new PeerActions(texts, forClient);
        if (_sets.Count == Capacity)
        {
            _sets.RemoveAt(1);
        }

        _sets.Add(added);
        return added;
    }
}
