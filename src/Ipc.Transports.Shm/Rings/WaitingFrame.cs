using System.Buffers;

namespace Ipc.Transports.Rings;

/// <summary>A frame that is finished but has no room yet: its sender awaits it. Whoever changes its state first decides what happens to it.</summary>
internal sealed class WaitingFrame(RingWriter writer, byte[]? bytes, PooledSegment? segment, int length) : IDisposable
{
    private const int Waiting = 0;
    private const int Claimed = 1;
    private const int GivenUp = 2;
    private const int Finished = 3;

    private readonly TaskCompletionSource<long> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _bytes = bytes;
    private int _state;
    private Timer? _timer;
    private TimeSpan _timeout;
    private CancellationTokenRegistration _registration;

    /// <summary>Completes with the frame's position.</summary>
    public Task<long> Task => _completion.Task;

    /// <summary>Size of the frame.</summary>
    public int Length => length;

    /// <summary>How much of it is in the ring already, in pieces. Under the writer's lock.</summary>
    public int Sent { get; set; }

    /// <summary>Whether its sender waits no more.</summary>
    public bool IsGivenUp => Volatile.Read(ref _state) == GivenUp;

    /// <summary>The segment that it was written into; none when it is in a buffer, or published. Under the writer's lock.</summary>
    public PooledSegment? Segment { get; private set; } = segment;

    /// <summary>What is not in the ring yet. Under the writer's lock, while claimed.</summary>
    public ReadOnlySpan<byte> Rest => Segment is { } own ? own.Frame(length) : _bytes.AsSpan(Sent, length - Sent);

    /// <summary>Begins the waiting time.</summary>
    public void Arm(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timeout = timeout;
            var timer = new Timer(static state => ((WaitingFrame)state!).OnTimeout(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer = timer;
            timer.Change(timeout, Timeout.InfiniteTimeSpan);
        }

        _registration = cancellationToken.UnsafeRegister(static (state, token) => ((WaitingFrame)state!).OnCanceled(token), this);
        Interlocked.MemoryBarrier(); // pairs with the exchange in End: it sees what there is to dispose, or we see that it ended
        if (Volatile.Read(ref _state) >= GivenUp)
        {
            Dispose(); // it ended before there was something to dispose
        }
    }

    /// <summary>Takes the frame for writing; not given up meanwhile. Ended by <see cref="Unclaim"/>, <see cref="Complete"/> or <see cref="Fail"/>.</summary>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Claimed, Waiting) == Waiting;

    /// <summary>It goes on waiting.</summary>
    public void Unclaim() => Volatile.Write(ref _state, Waiting);

    /// <summary>It is in the ring, or the ring refers to it.</summary>
    public void Complete(long position)
    {
        Segment = null;
        End();
        _completion.TrySetResult(position);
    }

    /// <summary>It is in the ring, and cannot be given up any more; whether it came in time is not known yet.</summary>
    public void EndWaiting()
    {
        Segment = null;
        End();
    }

    /// <summary>It is in the ring, if it came in time.</summary>
    public async Task CompleteAsync(ValueTask<long> position)
    {
        try
        {
            _completion.TrySetResult(await position.ConfigureAwait(false));
        }
        catch (IpcException error)
        {
            _completion.TrySetException(error);
        }
    }

    /// <summary>It will not come into the ring.</summary>
    public void Fail(IpcException error)
    {
        End();
        _completion.TrySetException(error);
    }

    /// <summary>Gives the bytes back. Under the writer's lock, when it is in no list any more.</summary>
    public void Recycle()
    {
        Segment?.GiveBack();
        Segment = null;
        if (_bytes is { } buffer)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Ends timer and registration.</summary>
    public void Dispose()
    {
        _timer?.Dispose();
        _registration.Unregister();
    }

    private void End()
    {
        Interlocked.Exchange(ref _state, Finished); // a full fence before the loads of timer and registration: pairs with the fence in Arm
        Dispose();
    }

    private void OnTimeout() => GiveUp(() => _completion.TrySetException(writer.InboxFull(_timeout)));

    private void OnCanceled(CancellationToken token) => GiveUp(() => _completion.TrySetCanceled(token));

    private void GiveUp(Action complete)
    {
        var spin = new SpinWait();
        while (true)
        {
            switch (Interlocked.CompareExchange(ref _state, GivenUp, Waiting))
            {
                case Waiting:
                    complete();
                    Dispose();
                    writer.Flush();
                    return;

                case Claimed:
                    spin.SpinOnce(sleep1Threshold: -1); // it is being copied just now
                    break;

                default:
                    return;
            }
        }
    }
}
