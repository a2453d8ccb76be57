using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Streams;

/// <summary>The writing end of a stream: sends what its reader allows, and waits for more.</summary>
internal sealed class OutgoingStream
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping;
    private readonly MessageStreams _streams;
    private readonly int _piece;
    private long _sent;
    private long _credit;
    private bool _ended;
    private bool _writing;
    private Exception? _stopped;
    private bool _readerKnows;
    private TaskCompletionSource? _waiter;

    /// <summary>Made by <see cref="MessageStreams"/>.</summary>
    /// <param name="streams">Where its frames go.</param>
    /// <param name="piece">The most bytes in one frame.</param>
    /// <param name="credit">What may be sent unasked.</param>
    /// <param name="stopping">Signalled when nothing can be written any more; without a timer, so there is nothing to dispose.</param>
    public OutgoingStream(MessageStreams streams, int piece, int credit, CancellationTokenSource stopping)
    {
        _stopping = stopping;
        _streams = streams;
        _piece = piece;
        _credit = credit;
    }

    /// <summary>Signalled when nothing can be written any more: the reader wants no more, or the call has ended.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Whether nothing can be written any more.</summary>
    public bool IsStopped => Volatile.Read(ref _stopped) is not null;

    /// <summary>The reader has room.</summary>
    /// <returns>What the peer did wrong; <see langword="null"/> when nothing.</returns>
    public string? OnCredit(long limit)
    {
        lock (_gate)
        {
            if (limit <= _credit)
            {
                return $"a credit of {limit} bytes for a stream that had {_credit}";
            }

            _credit = limit;
            Wake_NeedsLock();
            return null;
        }
    }

    /// <summary>Nothing can be written any more, for this reason, which the reader knows or cannot be told.</summary>
    public void Stop(Exception reason) => Stop(reason, readerKnows: true);

    /// <summary>The call has ended: its content is not wanted any more. The reader may still be told why.</summary>
    public void StopContent() => Stop(new OperationCanceledException(), readerKnows: false);

    /// <summary>Waits until the reader wants something.</summary>
    /// <returns><see langword="false"/> when it never will.</returns>
    public async Task<bool> WaitForReaderAsync()
    {
        while (true)
        {
            Task credit;
            lock (_gate)
            {
                if (_stopped is not null || _credit > _sent)
                {
                    return _stopped is null;
                }

                credit = Wait_NeedsLock();
            }

            await credit.ConfigureAwait(false);
        }
    }

    /// <summary>Sends bytes, as the reader has room for them.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(Stream));
            if (_writing)
            {
                throw new InvalidOperationException("The stream is being written already: one write at a time.");
            }

            _writing = true;
        }

        try
        {
            while (!data.IsEmpty)
            {
                int count = TryReserve(data.Length, out Task? credit);
                if (count == 0)
                {
                    await credit!.WaitAsync(cancellationToken).ConfigureAwait(false);
                    continue;
                }

                await SendReservedAsync(data[..count], cancellationToken).ConfigureAwait(false);
                data = data[count..];
            }
        }
        finally
        {
            lock (_gate)
            {
                _writing = false;
            }
        }
    }

    /// <summary>Everything was written. Does nothing when nothing can be written any more.</summary>
    public Task EndAsync()
    {
        long total;
        bool writing;
        lock (_gate)
        {
            if (_ended || _stopped is not null)
            {
                return Task.CompletedTask;
            }

            writing = _writing;
            _ended = !writing;
            total = _sent;
        }

        return writing
            ? AbortAsync(new RemoteError(IpcError.StreamFailed, null, "The listener has returned while a write into its stream was still running.", null))
            : _streams.SendEndAsync(total);
    }

    /// <summary>Gives the stream up before its end. Does nothing behind the end, or when the reader knows already.</summary>
    public Task AbortAsync(RemoteError error)
    {
        lock (_gate)
        {
            if (_ended || _readerKnows)
            {
                return Task.CompletedTask;
            }

            _ended = true;
        }

        return _streams.SendAbortAsync(error);
    }

    private void Stop(Exception reason, bool readerKnows)
    {
        lock (_gate)
        {
            _readerKnows |= readerKnows;
            if (_stopped is not null)
            {
                return;
            }

            Volatile.Write(ref _stopped, reason);
            Wake_NeedsLock();
        }

        _streams.Cancel(_stopping);
    }

    private int TryReserve(int wanted, out Task? credit)
    {
        credit = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_ended, typeof(Stream));
            switch (_stopped)
            {
                case null:
                    break;
                case OperationCanceledException canceled:
                    throw new OperationCanceledException(canceled.Message, _stopping.Token);
                case IpcException error:
                    throw new IpcException(error.Reason, error.Message);
                default:
                    throw _stopped;
            }

            int count = (int)Math.Min(Math.Min(wanted, _piece), _credit - _sent);
            _sent += count;
            credit = count == 0 ? Wait_NeedsLock() : null;
            return count;
        }
    }

    private async ValueTask SendReservedAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        try
        {
            await _streams.SendAsync(FrameKind.StreamData, data, Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            lock (_gate)
            {
                _sent -= data.Length; // not published
            }

            throw;
        }
    }

    private Task Wait_NeedsLock() => (_waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Wake_NeedsLock()
    {
        _waiter?.TrySetResult();
        _waiter = null;
    }
}
