namespace Ipc.Transports.Pipes;

/// <summary>A frame that waits for room, with what wakes its sender.</summary>
internal sealed class WaitingFrame : IDisposable
{
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private Timer? _timer;

    /// <summary>Prefix and frame.</summary>
    public required FrameBuffer Buffer { get; init; }

    /// <summary>Its position once it is admitted; 0 before.</summary>
    public long Position { get; set; }

    /// <summary>Completes with the position.</summary>
    public Task<long> Task => _done.Task;

    /// <summary>Begins to watch time and token. Called once, without locks held.</summary>
    /// <param name="timeout">How long.</param>
    /// <param name="giveUp">Called with the token that was cancelled, or none when the time is over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public void Watch(TimeSpan timeout, Action<WaitingFrame, CancellationToken> giveUp, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = new Timer(_ => giveUp(this, CancellationToken.None), null, timeout, Timeout.InfiniteTimeSpan);
        }

        _cancellation = cancellationToken.UnsafeRegister((_, token) => giveUp(this, token), null);
    }

    /// <summary>The frame is published.</summary>
    public void Succeed() => _done.TrySetResult(Position);

    /// <summary>The frame is not published.</summary>
    public void Fail(Exception error) => _done.TrySetException(error);

    /// <summary>The sender gave up before the frame was published.</summary>
    public void Cancel(CancellationToken cancellationToken) => _done.TrySetCanceled(cancellationToken);

    /// <summary>Ends the watching.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
    }
}
