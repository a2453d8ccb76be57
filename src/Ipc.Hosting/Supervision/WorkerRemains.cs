namespace Ipc.Supervision;

/// <summary>What the transport has found out about an incarnation that ended: the listeners that ran, and the messages that were lost. Written on the control thread.</summary>
internal sealed class WorkerRemains
{
    /// <summary>The control thread answers within microseconds; should it stand, an end is told without these details.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, long> _lost = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<IReadOnlyList<ActionCount>> _running = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The messages that were lost so far, by action, in the order of the names: lanes end in any order.</summary>
    public IReadOnlyList<ActionCount> Lost
    {
        get
        {
            lock (_gate)
            {
                return [.. _lost.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => new ActionCount(l.Key, l.Value))];
            }
        }
    }

    /// <summary>Messages were lost.</summary>
    /// <param name="action">Their action; nothing when it is not known.</param>
    /// <param name="count">How many.</param>
    public void AddLost(string? action, long count)
    {
        lock (_gate)
        {
            _lost[action ?? ""] = _lost.GetValueOrDefault(action ?? "") + count;
        }
    }

    /// <summary>Everything has been said.</summary>
    public void Settle(IReadOnlyList<ActionCount> running) => _running.TrySetResult(running);

    /// <summary>The actions whose listeners ran, once that is known.</summary>
    public async Task<IReadOnlyList<ActionCount>> WhenSettledAsync()
    {
        await Task.WhenAny(_running.Task, Task.Delay(Patience)).ConfigureAwait(false);
        return _running.Task.IsCompletedSuccessfully ? await _running.Task.ConfigureAwait(false) : [];
    }
}
