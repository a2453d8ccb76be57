using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Says "did you mean" when nobody listens to an action.</summary>
internal static class ActionSuggestion
{
    /// <summary>The error for one target.</summary>
    public static IpcException NoListener(string action, PeerInfo peer) => new(
        IpcError.NoListener, $"{peer.Id} has no listener for \"{action}\".{DidYouMean(action, peer.Actions.Names)}");

    /// <summary>The error when none of several targets listens.</summary>
    public static IpcException NoListener(string action, Target target, IEnumerable<PeerInfo> peers) => new(
        IpcError.NoListener,
        $"Nobody in {target} has a listener for \"{action}\".{DidYouMean(action, [.. peers.SelectMany(p => p.Actions.Names).Distinct(StringComparer.Ordinal)])}");

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
