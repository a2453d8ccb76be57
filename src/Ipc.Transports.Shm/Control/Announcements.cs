using System.Collections.Concurrent;

namespace Ipc.Transports.Control;

/// <summary>What this peer has announced and not been told yet that everybody knows. Thread-safe.</summary>
internal sealed class Announcements
{
    private readonly ConcurrentDictionary<uint, TaskCompletionSource<bool>> _open = new();
    private volatile IpcException? _error;
    private uint _last;

    /// <summary>Something is announced.</summary>
    /// <param name="number">Its number.</param>
    /// <returns>Completes when everybody knows it, or with false when it was refused.</returns>
    public Task<bool> Begin(out uint number)
    {
        var source = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        number = Interlocked.Increment(ref _last);
        _open[number] = source;
        if (_error is { } error) // set before the open ones are looked at; here it is the other way round
        {
            source.TrySetException(error);
        }

        return source.Task;
    }

    /// <summary>It is known, or refused.</summary>
    /// <returns>False when there is no such announcement.</returns>
    public bool TryEnd(uint number, bool accepted) => _open.TryRemove(number, out TaskCompletionSource<bool>? source) && (source.TrySetResult(accepted) || _error is not null);

    /// <summary>No answer comes any more.</summary>
    public void Fail(IpcException error)
    {
        _error = error;
        foreach (TaskCompletionSource<bool> source in _open.Values)
        {
            source.TrySetException(error);
            _ = source.Task.Exception; // nobody has to wait for it
        }
    }

    /// <summary>Why an announcement was refused.</summary>
    public static IpcException Refused() => new(
        IpcError.NotAllowed,
        $"The subscriptions were refused: a process may have {TopicSubscription.MaxPerPeer} at run time, of {TopicSubscription.MaxBytesPerPeer} bytes in all, and those of all processes have to fit the directory of the cluster.");
}
