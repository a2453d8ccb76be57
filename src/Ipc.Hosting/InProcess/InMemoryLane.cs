using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>A lane of an <see cref="InMemoryNetwork"/>: a queue bounded in bytes, senders that wait in order, and one work item that delivers.</summary>
internal sealed class InMemoryLane
{
    private const int FrameOverhead = 512; // what a waiting frame costs beside its bytes, about
    private const long LeastWaitingBytes = 4 << 20;

    private readonly Lock _gate = new();
    private readonly LinkedList<InMemoryFrame> _queue = new(); // published, not taken
    private readonly LinkedList<InMemoryFrame> _waiting = new(); // not published: no room
    private readonly LinkedList<InMemoryFrame> _taken = new(); // out of the queue, not finished, in order
    private readonly ITransportReceiver _writer;
    private readonly Action<InMemoryLane, PeerId> _drop;
    private readonly int _capacity;
    private readonly long _maxWaitingBytes;
    private InMemoryInboundLane? _reader;
    private InMemoryFrame? _current;
    private bool _currentWasTaken;
    private long _queuedBytes;
    private long _waitingBytes;
    private long _lastPosition;
    private long _takenPosition;
    private bool _delivering;
    private bool _held;
    private bool _resumed;
    private IpcException? _closed;
    private TaskCompletionSource? _emptied;
    private bool _writerLives = true;

    /// <summary>Made by the network.</summary>
    /// <param name="key">Writer, reader and kind.</param>
    /// <param name="remote">The reader's present or last incarnation.</param>
    /// <param name="writer">Hears when the reader ends.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="drop">Called when the reader drops the lane.</param>
    public InMemoryLane(
        (PeerId Writer, PeerId Reader, LaneKind Kind) key, PeerId remote, ITransportReceiver writer, TransportLimits limits, Action<InMemoryLane, PeerId> drop)
    {
        Key = key;
        _writer = writer;
        _drop = drop;
        _capacity = key.Kind == LaneKind.Inbox ? limits.RingSize : limits.AnswerRingSize;
        _maxWaitingBytes = Math.Max(4L * limits.MaxMessageSize, LeastWaitingBytes);
        Outbound = new InMemoryOutboundLane(this, remote, limits.MaxMessageSize);
    }

    /// <summary>Writer, reader (incarnation 0 for an inbox) and kind.</summary>
    public (PeerId Writer, PeerId Reader, LaneKind Kind) Key { get; }

    /// <summary>What it is for.</summary>
    public LaneKind Kind => Key.Kind;

    /// <summary>The writing end.</summary>
    public InMemoryOutboundLane Outbound { get; }

    /// <summary>Whether everything was taken.</summary>
    public bool IsDrained
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count == 0;
            }
        }
    }

    /// <summary>Throws when nothing can be sent any more.</summary>
    public void ThrowIfClosed()
    {
        if (Volatile.Read(ref _closed) is { } closed)
        {
            throw new IpcException(closed.Reason, closed.Message);
        }
    }

    /// <summary>Publishes a frame, now or when there is room.</summary>
    public ValueTask<long> Enqueue(byte[] bytes, TimeSpan timeout, CancellationToken cancellationToken)
    {
        InMemoryFrame frame = new(this, bytes);
        lock (_gate)
        {
            ThrowIfClosed();
            if (_waiting.Count == 0 && HasRoom_NeedsLock(bytes.Length))
            {
                Publish_NeedsLock(frame);
                return new ValueTask<long>(frame.Position);
            }

            if (timeout == TimeSpan.Zero)
            {
                throw Full();
            }

            if (_waiting.Count != 0 && _waitingBytes + CostOf(frame) > _maxWaitingBytes)
            {
                throw new IpcException(
                    IpcError.InboxFull,
                    $"{Name} is full, and about {_waitingBytes} bytes wait for room in this process already, with which the {bytes.Length} of this message would exceed {_maxWaitingBytes} (four times Ipc:MaxMessageSize, at least 4 MiB). Await earlier sends, or raise it.");
            }

            frame.Waiter = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.AddLast(frame);
            _waitingBytes += CostOf(frame);
        }

        return new ValueTask<long>(WaitAsync(frame, timeout, cancellationToken));
    }

    /// <summary>A reading incarnation has come: it goes on where the last one stopped.</summary>
    public void Attach(PeerId reader, ITransportReceiver receiver)
    {
        lock (_gate)
        {
            _reader = new InMemoryInboundLane(this, reader, receiver);
            _held = false;
            Deliver_NeedsLock();
        }
    }

    /// <summary>The reading incarnation has ended, or dropped the lane.</summary>
    /// <returns>How many published frames were dropped.</returns>
    public long Detach(PeerId reader, bool keep, InMemoryNews news)
    {
        long taken;
        long dropped = 0;
        bool tellWriter;
        lock (_gate)
        {
            taken = _takenPosition;
            if (_reader is not null && _current is not null)
            {
                taken = Math.Max(taken, _current.Position);
            }

            _reader = null;
            if (keep)
            {
                RequeueUnstarted_NeedsLock();
            }
            else
            {
                dropped = _queue.Count;
                Close_NeedsLock($"{reader} has ended or dropped the lane.");
            }

            _taken.Clear();
            tellWriter = _writerLives;
        }

        if (tellWriter)
        {
            news.Tell(() => _writer.OnReaderGone(Outbound, reader, taken, keep));
        }

        return dropped;
    }

    /// <summary>The writing incarnation has ended: what is published is still delivered.</summary>
    public void EndWriter()
    {
        lock (_gate)
        {
            _writerLives = false;
            FailWaiting_NeedsLock(Volatile.Read(ref _closed) ?? new IpcException(IpcError.NotRunning, $"{Key.Writer} has stopped."));
            Volatile.Write(ref _closed, _closed ?? new IpcException(IpcError.NotRunning, $"{Key.Writer} has stopped."));
        }
    }

    /// <summary>Takes no more frames; those that it has are still delivered.</summary>
    /// <returns>Completes when they have been.</returns>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            Volatile.Write(ref _closed, _closed ?? new IpcException(IpcError.PeerGone, $"{Outbound.Remote} stops and takes no more messages."));
            FailWaiting_NeedsLock(_closed);
            _emptied ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            CompleteWhenEmpty_NeedsLock();
            return _emptied.Task;
        }
    }

    /// <summary>See <see cref="InboundLane.Resume"/>.</summary>
    public void Resume(InMemoryInboundLane reader)
    {
        lock (_gate)
        {
            if (_reader != reader)
            {
                return;
            }

            // The receiver may resume before its Held has come back to the delivering thread.
            _resumed = true;
            if (_held)
            {
                _held = false;
                Deliver_NeedsLock();
            }
        }
    }

    /// <summary>See <see cref="InboundLane.Fault"/>.</summary>
    public void Fault(InMemoryInboundLane reader, string reason)
    {
        lock (_gate)
        {
            if (_reader != reader)
            {
                return;
            }

            Close_NeedsLock($"{reader.Reader} dropped the lane: {reason}");
        }

        _drop(this, reader.Reader);
    }

    /// <summary>The listener of the frame that is being delivered starts.</summary>
    public void MarkStarted(long token)
    {
        lock (_gate)
        {
            if (_current?.Position == token)
            {
                _current.IsStarted = true;
            }
        }
    }

    /// <summary>Takes the frame that is being delivered out of the queue.</summary>
    public FrameLease Take(long token)
    {
        lock (_gate)
        {
            InMemoryFrame frame = _current?.Position == token
                ? _current
                : throw new InvalidOperationException("Only the frame that is being delivered can be taken.");
            _currentWasTaken = true;
            _taken.AddLast(frame);
            return frame;
        }
    }

    /// <summary>A frame that was taken is finished.</summary>
    public void Finish(InMemoryFrame frame)
    {
        lock (_gate)
        {
            _taken.Remove(frame);
        }
    }

    private bool HasRoom_NeedsLock(int bytes) => _queuedBytes == 0 || _queuedBytes + bytes <= _capacity;

    private void Publish_NeedsLock(InMemoryFrame frame)
    {
        frame.Position = ++_lastPosition;
        _queuedBytes += frame.Content.Length;
        _queue.AddLast(frame);
        Deliver_NeedsLock();
    }

    private void Deliver_NeedsLock()
    {
        if (!_delivering && !_held && _reader is not null && _queue.Count > 0)
        {
            _delivering = true;
            ThreadPool.UnsafeQueueUserWorkItem(static lane => lane.Run(), this, preferLocal: false);
        }
    }

    /// <summary>Delivers until there is nothing more to do. At most one thread is in here for a lane: frames come one at a time and in order.</summary>
    private void Run()
    {
        while (true)
        {
            InMemoryInboundLane? reader;
            InMemoryFrame frame;
            lock (_gate)
            {
                reader = _reader;
                if (reader is null || _held || _queue.First is null)
                {
                    _delivering = false;
                    return;
                }

                frame = _queue.First.Value;
                _current = frame;
                _currentWasTaken = false;
                _resumed = false;
            }

            FrameDisposition disposition;
            try
            {
                disposition = reader.Receiver.OnFrame(new InboundFrame(reader, frame.Content, frame.Position));
            }
#pragma warning disable CA1031 // A receiver that throws ends its lane, not the process.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Fault(reader, $"the receiver failed: {error.Message}");
                disposition = FrameDisposition.Consumed;
            }

            lock (_gate)
            {
                Settle_NeedsLock(reader, frame, disposition);
            }
        }
    }

    private void Settle_NeedsLock(InMemoryInboundLane reader, InMemoryFrame frame, FrameDisposition disposition)
    {
        _current = null;
        bool isSameReader = _reader == reader;
        if (disposition == FrameDisposition.Held)
        {
            _held = isSameReader && !_resumed;
            return;
        }

        if (_queue.Remove(frame))
        {
            _queuedBytes -= frame.Content.Length;
        }

        CompleteWhenEmpty_NeedsLock();
        _takenPosition = Math.Max(_takenPosition, frame.Position);
        if (!isSameReader && _currentWasTaken)
        {
            _taken.Remove(frame);
        }

        while (_closed is null && _waiting.First is { } first && HasRoom_NeedsLock(first.Value.Content.Length))
        {
            _waiting.RemoveFirst();
            _waitingBytes -= CostOf(first.Value);
            Publish_NeedsLock(first.Value);
            first.Value.Waiter!.TrySetResult(first.Value.Position);
        }
    }

    /// <summary>Messages that were taken and not started are for the successor. Requests are not among them: they are at or below the taken position and fail at their asker.</summary>
    private void RequeueUnstarted_NeedsLock()
    {
        for (LinkedListNode<InMemoryFrame>? node = _taken.Last; node is not null; node = node.Previous)
        {
            InMemoryFrame frame = node.Value;
            if (!frame.IsStarted && frame != _current && FrameHeader.TryRead(frame.Content, out FrameHeader header, out _) && header.Kind == FrameKind.OneWay)
            {
                _queue.AddFirst(frame);
                _queuedBytes += frame.Content.Length;
            }
        }
    }

    private async Task<long> WaitAsync(InMemoryFrame frame, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await frame.Waiter!.Task.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            lock (_gate)
            {
                if (_waiting.Remove(frame))
                {
                    _waitingBytes -= CostOf(frame);
                    if (error is TimeoutException)
                    {
                        throw Full();
                    }

                    throw;
                }
            }

            // Published, or closed, in the same moment.
            return await frame.Waiter!.Task.ConfigureAwait(false);
        }
    }

    private string Name => Kind == LaneKind.Inbox ? $"The inbox of {Outbound.Remote}" : $"The answer lane to {Outbound.Remote}";

    private IpcException Full() => new(
        IpcError.InboxFull, $"{Name} is full: {(Kind == LaneKind.Inbox ? "it handles messages more slowly than they are sent" : "its process does not read what it is answered")}.");

    private static int CostOf(InMemoryFrame frame) => frame.Content.Length + FrameOverhead;

    private void Close_NeedsLock(string reason)
    {
        if (_closed is null)
        {
            Volatile.Write(ref _closed, new IpcException(IpcError.PeerGone, reason));
        }

        _queue.Clear();
        _queuedBytes = 0;
        CompleteWhenEmpty_NeedsLock();
        FailWaiting_NeedsLock(_closed!);
    }

    private void CompleteWhenEmpty_NeedsLock()
    {
        if (_queue.Count == 0)
        {
            _emptied?.TrySetResult();
        }
    }

    private void FailWaiting_NeedsLock(IpcException error)
    {
        foreach (InMemoryFrame frame in _waiting)
        {
            frame.Waiter!.TrySetException(new IpcException(error.Reason, error.Message));
        }

        _waiting.Clear();
        _waitingBytes = 0;
    }
}
