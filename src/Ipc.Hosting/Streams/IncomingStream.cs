using System.Buffers;
using System.Runtime.ExceptionServices;
using Ipc.Messaging;

namespace Ipc.Streams;

/// <summary>The reading end of a stream: keeps what has arrived, at most a window, and grants more as it is read.</summary>
/// <remarks>Frames come from the thread that reads for everybody, so nothing here waits for the reader and no code of the user's runs.</remarks>
internal sealed class IncomingStream
{
    private readonly Lock _gate = new();
    private readonly MessageStreams _streams;
    private readonly IpcMetrics _metrics;
    private readonly int _window;
    private byte[]? _buffer; // a circle of _window bytes
    private long _received;
    private long _consumed;
    private long _granted;
    private bool _ended;
    private bool _stopped;
    private bool _reading;
    private bool _granting;
    private Exception? _error;
    private TaskCompletionSource? _waiter;

    /// <summary>Made by <see cref="MessageStreams"/>.</summary>
    /// <param name="streams">Where its frames go.</param>
    /// <param name="window">How many bytes it keeps at most.</param>
    /// <param name="granted">What its writer may send unasked.</param>
    /// <param name="metrics">Counts what it keeps.</param>
    public IncomingStream(MessageStreams streams, int window, int granted, IpcMetrics metrics)
    {
        _streams = streams;
        _window = window;
        _granted = granted;
        _metrics = metrics;
    }

    /// <summary>Whether no more will come: the end, or the reason why there is none, is here.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_gate)
            {
                return _ended || _error is not null;
            }
        }
    }

    /// <summary>Bytes have arrived.</summary>
    /// <returns>What the peer did wrong; <see langword="null"/> when nothing.</returns>
    public string? OnData(ReadOnlySpan<byte> data)
    {
        lock (_gate)
        {
            if (_stopped || _error is not null)
            {
                return null; // was under way when the reading ended
            }

            if (_ended || data.IsEmpty || data.Length > _granted - _received)
            {
                return _ended ? $"{data.Length} bytes behind the end of a stream" : $"{data.Length} bytes of a stream whose reader allows {_granted - _received}";
            }

            _buffer ??= ArrayPool<byte>.Shared.Rent(_window);
            int offset = (int)(_received % _window);
            int first = Math.Min(data.Length, _window - offset);
            data[..first].CopyTo(_buffer.AsSpan(offset));
            data[first..].CopyTo(_buffer);
            _received += data.Length;
            _metrics.StreamBuffered(data.Length);
            Wake_NeedsLock();
            return null;
        }
    }

    /// <summary>The writer has written everything.</summary>
    /// <returns>What the peer did wrong; <see langword="null"/> when nothing.</returns>
    public string? OnEnd(long total)
    {
        lock (_gate)
        {
            if (_stopped || _error is not null)
            {
                return null;
            }

            if (_ended || total != _received)
            {
                return $"the end of a stream after {total} bytes, of which {_received} have come";
            }

            _ended = true;
            Wake_NeedsLock();
            return null;
        }
    }

    /// <summary>No more will come, for this reason; what has arrived can still be read.</summary>
    public void Fail(Exception error)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _error ??= error;
                Wake_NeedsLock();
            }
        }
    }

    /// <summary>Reads what there is, and waits when there is nothing.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            if (_reading)
            {
                throw new InvalidOperationException("The stream is being read already: one read at a time.");
            }

            _reading = true;
        }

        try
        {
            while (true)
            {
                int? read = TryRead(destination.Span, out Task? arrival);
                Grant();
                if (read is { } count)
                {
                    return count;
                }

                await arrival!.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (RemoteException e) when (_streams.Mappings.TryGet(e, out Func<RemoteException, Exception>? create))
        {
            throw create(e) ?? e;
        }
        finally
        {
            lock (_gate)
            {
                _reading = false;
            }
        }
    }

    /// <summary>Nobody reads any more: what has arrived is dropped, and nothing more is kept.</summary>
    /// <returns>Whether the writer is still at it and has to be told.</returns>
    public bool Stop()
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return false;
            }

            _stopped = true;
            _metrics.StreamBuffered(_consumed - _received);
            if (_buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
                _buffer = null;
            }

            Wake_NeedsLock();
            return !_ended && _error is null;
        }
    }

    private int? TryRead(Span<byte> destination, out Task? arrival)
    {
        arrival = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopped, typeof(Stream));
            int count = (int)Math.Min(_received - _consumed, destination.Length);
            if (_received != _consumed)
            {
                int offset = (int)(_consumed % _window);
                int first = Math.Min(count, _window - offset);
                _buffer.AsSpan(offset, first).CopyTo(destination);
                _buffer.AsSpan(0, count - first).CopyTo(destination[first..]);
                _consumed += count;
                _metrics.StreamBuffered(-count);
                return count;
            }

            if (_ended)
            {
                return 0;
            }

            if (_error is not null)
            {
                ExceptionDispatchInfo.Throw(_error);
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival = _waiter.Task;
            return null;
        }
    }

    /// <summary>Allows more, when at least half of a window has been read since the last time.</summary>
    private void Grant()
    {
        if (!_streams.IsBound)
        {
            return; // whom to tell is known with the first bytes
        }

        lock (_gate)
        {
            if (_granting || !TryRaise_NeedsLock())
            {
                return;
            }

            _granting = true;
        }

        _ = GrantAsync();
    }

    private async Task GrantAsync()
    {
        bool more = true;
        while (more)
        {
            try
            {
                await _streams.SendCreditAsync(Volatile.Read(ref _granted)).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Fail(e); // nobody would send any more
            }

            lock (_gate)
            {
                more = TryRaise_NeedsLock();
                _granting = more;
            }
        }
    }

    private bool TryRaise_NeedsLock()
    {
        long limit = _consumed + _window;
        if (_ended || _stopped || _error is not null || limit - _granted < _window / 2)
        {
            return false;
        }

        // Before it is sent: the bytes may come at once.
        Volatile.Write(ref _granted, limit);
        return true;
    }

    private void Wake_NeedsLock()
    {
        _waiter?.TrySetResult();
        _waiter = null;
    }
}
