namespace Ipc.Dispatch;

/// <summary>The messages of one sender to one action: the next starts when the last has ended, unless all its listeners allow concurrency.</summary>
internal sealed class ActionLane(ActionEntry entry, SenderState sender)
{
    private readonly Queue<MessageRun> _waiting = new();
    private readonly Lock _gate = new();
    private bool _busy;

    public ActionEntry Entry { get; } = entry;

    public SenderState Sender { get; } = sender;

    /// <summary>Takes the lane for a message that could start now.</summary>
    /// <returns><see langword="false"/> when another runs or waits.</returns>
    public bool TryEnter()
    {
        lock (_gate)
        {
            if (_busy)
            {
                return false;
            }

            _busy = true;
            return true;
        }
    }

    /// <summary>Lets a message wait its turn.</summary>
    /// <returns>Whether nothing runs: then the caller has the lane, and starts with <see cref="Next"/>.</returns>
    public bool Enqueue(MessageRun run)
    {
        lock (_gate)
        {
            _waiting.Enqueue(run);
            bool idle = !_busy;
            _busy = true;
            return idle;
        }
    }

    /// <summary>The message whose turn it is; <see langword="null"/> gives the lane back.</summary>
    public MessageRun? Next()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out MessageRun? run))
            {
                return run;
            }

            _busy = false;
            return null;
        }
    }
}
