using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>What the dispatcher knows about one incarnation that sends to this process. Lives on its inbound lane.</summary>
internal sealed class SenderState(InboundLane lane)
{
    private readonly Dictionary<ulong, ActionLane> _lanes = [];
    private readonly Dictionary<long, MessageRun> _requests = [];
    private readonly Lock _gate = new();
    private OutboundRoute? _answers;
    private bool _isGone;

    public PeerId Id => Lane.Remote;

    public InboundLane Lane { get; } = lane;

    /// <summary>How many of its messages wait or run outside their lane; guarded by the dispatcher's lock.</summary>
    public int Pending { get; set; }

    /// <summary>Whether its lane stands still because of <see cref="Pending"/>; guarded by the dispatcher's lock.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The open lane for answers to it, once there is one.</summary>
    public OutboundRoute? Answers
    {
        get => Volatile.Read(ref _answers);
        set => Volatile.Write(ref _answers, value);
    }

    /// <summary>The asker has dropped the lane for its answers: the next answer opens another.</summary>
    public void ForgetAnswers(OutboundRoute dropped) => Interlocked.CompareExchange(ref _answers, null, dropped);

    public ActionLane GetLane(ActionEntry entry)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(entry.Hash, out ActionLane? lane))
            {
                lane = new ActionLane(entry, this);
                _lanes.Add(entry.Hash, lane);
            }

            return lane;
        }
    }

    /// <summary>A request begins or waits: it can be cancelled from now on.</summary>
    public void AddRequest(long correlation, MessageRun run)
    {
        bool gone;
        lock (_gate)
        {
            _requests[correlation] = run;
            gone = _isGone;
            if (gone)
            {
                run.RequestCancel_NeedsLock();
            }
        }

        if (gone)
        {
            run.Cancel();
        }
    }

    /// <summary>A request has ended.</summary>
    /// <returns>Whether its run may be reused: no cancel is on its way to it.</returns>
    public bool RemoveRequest(long correlation, MessageRun run)
    {
        lock (_gate)
        {
            _requests.Remove(correlation);
            return !run.IsCancelRequested_NeedsLock;
        }
    }

    public void Cancel(long correlation)
    {
        MessageRun? run;
        lock (_gate)
        {
            if (_requests.TryGetValue(correlation, out run))
            {
                run.RequestCancel_NeedsLock();
            }
        }

        run?.Cancel();
    }

    /// <summary>The asker's process has ended: nobody waits for these answers.</summary>
    public void Gone()
    {
        MessageRun[] runs;
        lock (_gate)
        {
            _isGone = true;
            runs = [.. _requests.Values];
            foreach (MessageRun run in runs)
            {
                run.RequestCancel_NeedsLock();
            }
        }

        foreach (MessageRun run in runs)
        {
            run.Cancel();
        }
    }
}
