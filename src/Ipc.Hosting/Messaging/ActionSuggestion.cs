using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Says "did you mean" when nobody listens to an action.</summary>
internal static class ActionSuggestion
{
    /// <summary>The error for one target.</summary>
    public static IpcException NoListener(string action, PeerInfo peer) => peer.Actions.IsClosed(ActionHash.Compute(action)) ? NotAllowed(action, peer.Id) : new(
        IpcError.NoListener,
        OtherVersion(action, peer.Actions) is { } contract
            ? $"{peer.Id} runs another version of the contract \"{contract}\", without \"{action}\"."
            : $"{peer.Id} has no listener for \"{action}\".{DidYouMean(action, peer.Actions.Names)}");

    /// <summary>The error when none of several targets listens.</summary>
    public static IpcException NoListener(string action, Target target, IEnumerable<PeerInfo> peers) => peers.FirstOrDefault(p => p.Actions.IsClosed(ActionHash.Compute(action))) is { } closed ? NotAllowed(action, closed.Id) : new(
        IpcError.NoListener,
        peers.Select(peer => OtherVersion(action, peer.Actions)).FirstOrDefault(contract => contract is not null) is { } contract
            ? $"{target} runs another version of the contract \"{contract}\", without \"{action}\"."
            : $"Nobody in {target} has a listener for \"{action}\".{DidYouMean(action, [.. peers.SelectMany(p => p.Actions.Names).Distinct(StringComparer.Ordinal)])}");

    /// <summary>What a client is told of an action that is not for it.</summary>
    public static string Closed(string action, PeerId peer) =>
        $"{peer} does not let clients send to \"{action}\". Its listener, or contract, has to say AllowClients = true.";

    /// <summary>The error for a client of an action that is not for it.</summary>
    public static IpcException NotAllowed(string action, PeerId peer) => new(IpcError.NotAllowed, Closed(action, peer));

    /// <summary>The contract that runs there without this method.</summary>
    private static string? OtherVersion(string action, PeerActions actions)
    {
        int end = action.IndexOf('(', StringComparison.Ordinal) is var bracket and > 0 ? bracket : action.Length;
        int dot = action.LastIndexOf('.', end - 1);
        return dot > 0 && actions.Signatures.Keys.Any(known => known.StartsWith(action.AsSpan(0, dot + 1), StringComparison.Ordinal)) ? action[..dot] : null;
    }

    private static string DidYouMean(string action, IReadOnlyCollection<string> known)
    {
        if (ClosestName.Find(action, known) is { } best)
        {
            return $" Did you mean \"{best}\"?";
        }

        return known.Count == 0
            ? " It listens to no action at all: is there a class with [Listener] that runs there?"
            : " Add a class with [Listener(\"PIPE_MESSAGE." + action + "\")], or look at RunsIn of the one there is.";
    }
}
