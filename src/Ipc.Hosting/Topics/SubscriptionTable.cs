using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ipc.Dispatch;

namespace Ipc.Topics;

/// <summary>The run-time subscriptions of this process, for the dispatcher. Thread-safe.</summary>
internal sealed class SubscriptionTable
{
    /// <summary>How many that have ended are remembered, for what still comes for them: it was meant for somebody who no longer wants it, and is no mistake.</summary>
    private const int MaxRemembered = 1024;

    private readonly ConcurrentDictionary<ulong, ActionEntry> _entries = new();
    private readonly HashSet<ulong> _ended = [];
    private readonly Queue<ulong> _endedInOrder = [];

    /// <summary>From now on messages are handled.</summary>
    public void Add(ActionEntry entry) => _entries[entry.Hash] = entry;

    /// <summary>From now on they are not.</summary>
    public void End(ActionEntry entry)
    {
        entry.HasEnded = true;
        lock (_ended)
        {
            _ended.Add(entry.Hash); // before it is removed below: in between it must be known as one or the other
            _endedInOrder.Enqueue(entry.Hash);
            if (_endedInOrder.Count > MaxRemembered)
            {
                _ended.Remove(_endedInOrder.Dequeue());
            }
        }

        _entries.TryRemove(entry.Hash, out _);
    }

    public bool TryGet(ulong actionHash, [MaybeNullWhen(false)] out ActionEntry entry) => _entries.TryGetValue(actionHash, out entry);

    /// <summary>Whether a subscription has ended lately.</summary>
    public bool HasEnded(ulong actionHash)
    {
        lock (_ended)
        {
            return _ended.Contains(actionHash);
        }
    }
}
