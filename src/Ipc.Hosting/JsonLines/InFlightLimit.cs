namespace Ipc.JsonLines;

/// <summary>How many calls of one connection, and how many bytes of them, may be under way. One caller at a time enters; any thread leaves.</summary>
/// <param name="maxCount">The most calls.</param>
/// <param name="maxBytes">The most bytes; one call that is larger passes when there is no other.</param>
internal sealed class InFlightLimit(int maxCount, int maxBytes)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _left;
    private int _count;
    private long _bytes;

    /// <summary>Waits for a place.</summary>
    /// <returns>Whether there was one in time.</returns>
    public async ValueTask<bool> TryEnterAsync(int bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task left;
            lock (_gate)
            {
                if (_count == 0 || (_count < maxCount && _bytes + bytes <= maxBytes))
                {
                    _count++;
                    _bytes += bytes;
                    return true;
                }

                left = WhenLeft_NeedsLock();
            }

            try
            {
                await left.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(int bytes)
    {
        TaskCompletionSource? left;
        lock (_gate)
        {
            _count--;
            _bytes -= bytes;
            left = _left;
            _left = null;
        }

        left?.SetResult();
    }

    /// <summary>Waits until nothing is under way. Nobody enters meanwhile.</summary>
    /// <returns>Whether that was so in time; the time begins anew each time that a call ends.</returns>
    public async ValueTask<bool> TryDrainAsync(TimeSpan timeout)
    {
        while (true)
        {
            Task left;
            lock (_gate)
            {
                if (_count == 0)
                {
                    return true;
                }

                left = WhenLeft_NeedsLock();
            }

            try
            {
                await left.WaitAsync(timeout).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return false;
            }
        }
    }

    private Task WhenLeft_NeedsLock() => (_left ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
}
