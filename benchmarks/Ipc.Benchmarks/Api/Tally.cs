namespace Ipc.Benchmarks.Api;

/// <summary>Counts messages in a worker. Their listeners run one after the other; a question for the counts may come on another thread.</summary>
public sealed class Tally
{
    private long _received;
    private long _outOfOrder;

    /// <summary>How many came.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>How many had another number than the next.</summary>
    public long OutOfOrder => Volatile.Read(ref _outOfOrder);

    /// <summary>Counts one.</summary>
    public void Count(long number)
    {
        if (number != _received)
        {
            Volatile.Write(ref _outOfOrder, _outOfOrder + 1);
        }

        Volatile.Write(ref _received, _received + 1);
    }

    /// <summary>Begins anew.</summary>
    public void Reset()
    {
        Volatile.Write(ref _received, 0);
        Volatile.Write(ref _outOfOrder, 0);
    }
}
