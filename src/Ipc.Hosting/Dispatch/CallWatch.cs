namespace Ipc.Dispatch;

/// <summary>
/// Which calls of listeners have not returned to the dispatcher, and which pieces of their code behind an await have not come to the next one, as somebody sees who looks from time to time: what is the same at two looks has lasted
/// from the one to the other. What is looked at costs a call two stores to its own memory, and no clock.
/// </summary>
internal sealed class CallWatch
{
    private readonly HashSet<MessageRun> _runs = [];
    private readonly Lock _gate = new();
    private Dictionary<object, (uint Call, uint Since)> _seen = [];
    private volatile bool _isOn;

    /// <summary>Whether somebody looks: else nothing that costs is prepared for that.</summary>
    public bool IsOn => _isOn;

    /// <summary>From now on somebody looks.</summary>
    public void Begin() => _isOn = true;

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
    /// <returns>The look at which the longest call or piece was seen first, and its action; 0 when none was seen before.</returns>
    public (uint Since, string Action) Look(uint number)
    {
        var seen = new Dictionary<object, (uint Call, uint Since)>(ReferenceEqualityComparer.Instance);
        (uint Since, string Action) longest = (0, "");
        lock (_gate)
        {
            foreach (MessageRun run in _runs)
            {
                uint call = run.Calls;
                if ((call & 1) != 0 && IsLonger(run, call, out uint since) && run.SeenAction is { } action && run.Calls == call)
                {
                    longest = (since, action);
                }
            }
        }

        foreach (FlowPiece piece in FlowPiece.All)
        {
            if (piece.Look() is { Flow: { HasEnded: false } flow } running && flow.Watch == this && IsLonger(piece, running.Number, out uint since))
            {
                longest = (since, flow.Action);
            }
        }

        _seen = seen;
        return longest;

        bool IsLonger(object what, uint call, out uint since)
        {
            since = _seen.TryGetValue(what, out (uint Call, uint Since) before) && before.Call == call ? before.Since : number;
            seen.Add(what, (call, since));
            return since != number && (longest.Since == 0 || since < longest.Since);
        }
    }
}
