using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Says "did you mean" when nobody listens to an action.</summary>
internal static class ActionSuggestion
{
    private const int MaxLength = 128;

    /// <summary>The error for one target.</summary>
    public static IpcException NoListener(string action, PeerInfo peer) => new(
        IpcError.NoListener, $"{peer.Id} has no listener for \"{action}\".{DidYouMean(action, peer.Actions.Names)}");

    /// <summary>The error when none of several targets listens.</summary>
    public static IpcException NoListener(string action, Target target, IEnumerable<PeerInfo> peers) => new(
        IpcError.NoListener,
        $"Nobody in {target} has a listener for \"{action}\".{DidYouMean(action, peers.SelectMany(p => p.Actions.Names).Distinct(StringComparer.Ordinal))}");

    private static string DidYouMean(string action, IEnumerable<string> known)
    {
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in known)
        {
            int distance = Distance(action, candidate);
            if (distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        if (best is not null && bestDistance <= Math.Max(2, action.Length / 3))
        {
            return $" Did you mean \"{best}\"?";
        }

        return best is null
            ? " It listens to no action at all: is there a class with [Listener] that runs there?"
            : " Add a class with [Listener(\"PIPE_MESSAGE." + action + "\")], or look at RunsIn of the one there is.";
    }

    /// <summary>The Levenshtein distance, in one row.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > MaxLength || right.Length > MaxLength)
        {
            return int.MaxValue;
        }

        Span<int> row = stackalloc int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                int substitution = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, substitution);
                diagonal = above;
            }
        }

        return row[right.Length];
    }
}
