using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>What the dispatcher knows about one incarnation that sends to this process. Lives on its inbound lane.</summary>
internal sealed class SenderState(InboundLane lane)
{
    private const int FirstTidying = 64;

    private readonly Dictionary<ulong, ActionLane> _lanes = [];
    private readonly Dictionary<long, MessageRun> _requests = [];
    private readonly Lock _gate = new();
    private ActionLane? _lastLane;
    private MessageRun? _inline;
    private OutboundRoute? _answers;
    private bool _isGone;
    private volatile bool _wasReady;
    private int _tidyAt = FirstTidying;
    private volatile bool _isCut;

    public PeerId Id => Lane.Remote;

    public InboundLane Lane { get; } = lane;

    /// <summary>How many of its messages wait or run outside their lane; written under the dispatcher's lock.</summary>
    public int Pending { get; set; }

    /// <summary>Whether its lane stands still because of <see cref="Pending"/>; guarded by the dispatcher's lock.</summary>
    public bool IsHeld { get; set; }

    /// <summary>The open lane for answers to it, once there is one.</summary>
    public OutboundRoute? Answers
    {
        get => Volatile.Read(ref _answers);
        set => Volatile.Write(ref _answers, value);
    }

    /// <summary>Whether that lane has been asked for once, ahead of the first answer. Reading thread only.</summary>
    public bool HasAskedForAnswers { get; set; }

    /// <summary>The asker has dropped the lane for its answers: the next answer opens another.</summary>
    public void ForgetAnswers(OutboundRoute dropped) => Interlocked.CompareExchange(ref _answers, null, dropped);

    /// <summary>The lane of an action. Called by whoever reads this sender's lane: one thread at a time, and the next one after it.</summary>
    public ActionLane GetLane(ActionEntry entry)
    {
        if (_lastLane is { } last && last.Entry == entry)
        {
            return last;
        }

        if (!_lanes.TryGetValue(entry.Hash, out ActionLane? lane))
        {
            if (_lanes.Count >= _tidyAt)
            {
                TidyLanes();
            }

            lane = new ActionLane(entry, this);
            _lanes.Add(entry.Hash, lane);
        }

        _lastLane = lane;
        return lane;
    }

    /// <summary>Forgets the lanes of run-time subscriptions that have ended, of which there is no end otherwise. What waits in one goes on.</summary>
    private void TidyLanes()
    {
        foreach ((ulong hash, ActionLane lane) in _lanes)
        {
            if (lane.Entry.HasEnded)
            {
                _lanes.Remove(hash);
            }
        }

        _tidyAt = Math.Max(FirstTidying, 2 * _lanes.Count);
    }

    /// <summary>A request begins on the reading thread: it can be cancelled from now on. Called as <see cref="GetLane"/> is.</summary>
    /// <remarks>The usual one ends before anything else of its sender is read, so it only stands where others find it; the next one moves it if it has not.</remarks>
    public void AddInlineRequest(MessageRun run)
    {
        if (Interlocked.CompareExchange(ref _inline, run, null) is not null)
        {
            MessageRun? earlier;
            lock (_gate)
            {
                earlier = TakeInline_NeedsLock();
                Volatile.Write(ref _inline, run);
            }

            earlier?.Cancel();

            Interlocked.MemoryBarrier(); // as the exchange above
        }

        // Pairs with Gone: it stores the flag, then takes what stands here; here it is the other way round.
        if (Volatile.Read(ref _isGone))
        {
            Gone();
        }
    }

    /// <summary>A request waits: it can be cancelled from now on.</summary>
    public void AddRequest(MessageRun run)
    {
        bool gone;
        MessageRun? earlier;
        lock (_gate)
        {
            earlier = Add_NeedsLock(run);
            gone = _isGone;
            if (gone)
            {
                run.RequestCancel_NeedsLock();
            }
        }

        earlier?.Cancel();
        if (gone)
        {
            run.Cancel();
        }
    }

    /// <summary>A request has ended.</summary>
    /// <returns>Whether its run may be reused: no cancel is on its way to it.</returns>
    public bool RemoveRequest(MessageRun run)
    {
        if (Interlocked.CompareExchange(ref _inline, null, run) == run)
        {
            return true; // nobody has looked at it
        }

        lock (_gate)
        {
            if (_requests.TryGetValue(run.Correlation, out MessageRun? current) && current == run)
            {
                _requests.Remove(run.Correlation);
            }

            return !run.IsCancelRequested_NeedsLock;
        }
    }

    public void Cancel(long correlation)
    {
        MessageRun? run;
        MessageRun? earlier;
        lock (_gate)
        {
            earlier = TakeInline_NeedsLock();
            if (_requests.TryGetValue(correlation, out run))
            {
                run.RequestCancel_NeedsLock();
            }
        }

        earlier?.Cancel();
        run?.Cancel();
    }

    /// <summary>Whether its process has ended, as far as the directory tells: it has a successor, or it was ready and no longer is.</summary>
    public bool HasEnded(PeerDirectory directory)
    {
        if (directory.Find(Id) is not { } row || row.Id.Incarnation > Id.Incarnation || row.IsGivenUp)
        {
            return true;
        }

        if (row.IsReady && row.Id.Incarnation == Id.Incarnation)
        {
            _wasReady = true;
            return false;
        }

        // Who dies before it is ready, or before its first frame is read, cannot be told from who starts, until its successor comes or nobody does.
        return _wasReady;
    }

    /// <summary>Whether the connection that it was on has ended; nothing is answered to it any more.</summary>
    public bool IsCut => _isCut;

    /// <summary>The connection that it was on has ended.</summary>
    public void Cut()
    {
        _isCut = true;
        Gone();
    }

    /// <summary>The asker's process has ended: nobody waits for these answers.</summary>
    public void Gone()
    {
        MessageRun[] runs;
        MessageRun? earlier;
        lock (_gate)
        {
            Volatile.Write(ref _isGone, true);
            earlier = TakeInline_NeedsLock();
            runs = [.. _requests.Values];
            foreach (MessageRun run in runs)
            {
                run.RequestCancel_NeedsLock();
            }
        }

        earlier?.Cancel();
        foreach (MessageRun run in runs)
        {
            run.Cancel();
        }
    }

    /// <summary>From here on its end waits for the lock, so that it cannot be reused while it is looked at.</summary>
    /// <returns>What to cancel, see <see cref="Add_NeedsLock"/>.</returns>
    private MessageRun? TakeInline_NeedsLock() => Interlocked.Exchange(ref _inline, null) is { } run ? Add_NeedsLock(run) : null;

    /// <summary>A sender that uses a number twice at once can reach only the later request: nobody waits for the earlier one.</summary>
    /// <returns>The earlier one, to be cancelled without the lock.</returns>
    private MessageRun? Add_NeedsLock(MessageRun run)
    {
        _requests.Remove(run.Correlation, out MessageRun? earlier);
        earlier?.RequestCancel_NeedsLock();
        _requests.Add(run.Correlation, run);
        return earlier;
    }
}
