namespace Ipc.Dispatch;

/// <summary>
/// Which calls of listeners have not returned to the dispatcher, as somebody sees who looks from time to time: a call that is the same at two looks has lasted from the one to the other. What is looked at costs a call two
/// stores to its own memory, and no clock. A listener that awaits has returned.
/// </summary>
internal sealed class CallWatch
{
    private readonly HashSet<MessageRun> _runs = [];
    private readonly Lock _gate = new();
    private Dictionary<MessageRun, (uint Call, uint Since)> _seen = [];

    /// <summary>A run that is used for one message after the other.</summary>
    public void Add(MessageRun run)
    {
        lock (_gate)
        {
            _runs.Add(run);
        }
    }

    /// <summary>It is not used any more.</summary>
    public void Remove(MessageRun run)
    {
        lock (_gate)
        {
            _runs.Remove(run);
        }
    }

    /// <summary>Looks once more. For one thread at a time.</summary>
    /// <param name="number">Which look it is: more than at the last one.</param>
    /// <returns>The look at which the longest call was seen first, and its action; 0 when none was seen before.</returns>
    public (uint Since, string Action) Look(uint number)
    {
        var seen = new Dictionary<MessageRun, (uint Call, uint Since)>();
        (uint Since, string Action) longest = (0, "");
        lock (_gate)
        {
            foreach (MessageRun run in _runs)
            {
                uint call = run.Calls;
                if ((call & 1) == 0)
                {
                    continue;
                }

                uint since = _seen.TryGetValue(run, out (uint Call, uint Since) before) && before.Call == call ? before.Since : number;
                seen.Add(run, (call, since));
                if (since != number && (longest.Since == 0 || since < longest.Since) && run.SeenAction is { } action && run.Calls == call)
                {
                    longest = (since, action);
                }
            }
        }

        _seen = seen;
        return longest;
    }
}
