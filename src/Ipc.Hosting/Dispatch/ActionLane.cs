namespace Ipc.Dispatch;

/// <summary>The messages of one sender to one action: the next starts when the last has ended, unless all its listeners allow concurrency.</summary>
/// <remarks>A message that finds the lane free and leaves nobody waiting costs one exchange at either end; only the queue has a lock.</remarks>
internal sealed class ActionLane(ActionEntry entry, SenderState sender)
{
    private const int Free = 0;
    private const int Busy = 1;
    private const int BusyAndAwaited = 2; // exactly while the queue is not empty

    private readonly Queue<MessageRun> _waiting = new();
    private readonly Lock _gate = new();
    private int _state;
    private long _holder;
    private AmbientCall? _call;

    public ActionEntry Entry { get; } = entry;

    public SenderState Sender { get; } = sender;

    /// <summary>The correlation of the message whose listeners run; 0 when none do.</summary>
    public long Holder
    {
        get => Volatile.Read(ref _holder);
        set => Volatile.Write(ref _holder, value);
    }

    /// <summary>What the code of a message that has the lane is told about itself.</summary>
    public AmbientCall GetCall(PeerId self) => _call ??= new AmbientCall(self, Entry.Action, Sender.Id);

    /// <summary>The message that has the lane goes on elsewhere, and what it was told is its own.</summary>
    public void ForgetCall() => _call = null;

    /// <summary>Takes the lane for a message that could start now.</summary>
    /// <returns><see langword="false"/> when another runs or waits.</returns>
    public bool TryEnter() => Interlocked.CompareExchange(ref _state, Busy, Free) == Free;

    /// <summary>Lets a message wait its turn.</summary>
    /// <returns>Whether nothing runs: then the caller has the lane, and starts with <see cref="Next"/>.</returns>
    public bool Enqueue(MessageRun run)
    {
        lock (_gate)
        {
            _waiting.Enqueue(run);
            return Interlocked.Exchange(ref _state, BusyAndAwaited) == Free;
        }
    }

    /// <summary>The message whose turn it is; <see langword="null"/> gives the lane back. Called by who has the lane.</summary>
    public MessageRun? Next()
    {
        if (Interlocked.CompareExchange(ref _state, Free, Busy) == Busy)
        {
            return null;
        }

        lock (_gate)
        {
            MessageRun run = _waiting.Dequeue();
            if (_waiting.Count == 0)
            {
                Volatile.Write(ref _state, Busy); // whoever has the lane alone takes it out of this state, and who queues holds the lock
            }

            return run;
        }
    }
}
