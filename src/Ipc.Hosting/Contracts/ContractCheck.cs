using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Contracts;

/// <summary>Compares the contracts that this process calls with those that others run, when these join. Used by one thread at a time.</summary>
/// <param name="contracts">The rows of the contracts that have proxies here.</param>
/// <param name="logger">Takes a line for each contract that differs.</param>
internal sealed class ContractCheck(IReadOnlyList<ContractDescriptor> contracts, ILogger logger)
{
    /// <summary>Clients may come with ever other names and versions.</summary>
    private const int MostSaid = 256;

    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly HashSet<PeerActions> _seen = [];
    private Dictionary<string, SignatureNode>? _own;

    /// <summary>Looks at everybody whose actions are not known yet. The same difference in one group is said once.</summary>
    public void Compare(PeerId self, PeerDirectory directory)
    {
        if (contracts.Count == 0)
        {
            return;
        }

        if (_seen.Count > directory.Peers.Count)
        {
            _seen.IntersectWith(directory.Peers.Select(peer => peer.Actions)); // those of processes that are gone
        }

        foreach (PeerInfo peer in directory.Peers.Where(peer => peer.Actions.Signatures.Count > 0 && _seen.Add(peer.Actions)))
        {
            foreach (ContractDescriptor contract in contracts)
            {
                string differences = string.Join("; ", Differences(contract, peer.Actions));
                if (differences.Length > 0 && _said.Count < MostSaid && _said.Add($"{contract.Name} {peer.Id.Group} {differences}"))
                {
                    MessagingLog.ContractDiffers(logger, contract.Name, self, peer.Id, differences);
                }
            }
        }
    }

    /// <summary>How the methods differ that both sides have.</summary>
    private IEnumerable<string> Differences(ContractDescriptor contract, PeerActions actions)
    {
        _own ??= contracts.SelectMany(c => c.CreateSignatures()).DistinctBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => SignatureNode.Parse(pair.Value)!, StringComparer.Ordinal);
        foreach ((string action, _) in contract.CreateSignatures())
        {
            if (actions.Signatures.TryGetValue(action, out string? text) && SignatureNode.Parse(text) is { } theirs
                && _own[action].Difference(theirs, action[(contract.Name.Length + 1)..]) is { } difference)
            {
                yield return difference;
            }
        }
    }
}
