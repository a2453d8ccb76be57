using System.Buffers;
using System.Net.Sockets;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Pipes;

/// <summary>
/// The writing end of a pipe lane. A frame that the window admits is published: it goes to the kernel on the sender's own thread, or, when the kernel's buffer is full,
/// by the one asynchronous pump. Others wait in the order of their commits.
/// </summary>
internal sealed class PipeOutboundLane : OutboundLane
{
    private readonly Lock _writing = new(); // held from BeginFrame to the end of the commit
    private readonly Lock _state = new(); // guards what follows, briefly; taken inside _writing, never the other way round
    private readonly Socket _socket;
    private readonly int _maxFrame;
    private readonly Queue<WaitingFrame> _admitted = new(); // published, behind the one that the pump sends
    private readonly LinkedList<WaitingFrame> _waiting = new(); // not published: no room in the window
    private readonly byte[] _acknowledgements = new byte[PipeAcknowledgement.Size * 64];

    private FrameBuffer? _open;
    private FrameBuffer? _spare;
    private long _sentFrames;
    private long _sentBytes;
    private long _lookedAt; // how many frames were sent when acknowledgements were looked for last
    private PipeAcknowledgement _acknowledged;
    private int _partialAcknowledgement;
    private bool _pumping;
    private Task _pump = Task.CompletedTask;
    private bool _listening;
    private bool _socketEnded;
    private IpcException? _closed;
    private Action<long, long>? _whenSettled;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="laneId">The broker's number for the lane.</param>
    /// <param name="socket">The writer's end.</param>
    /// <param name="remote">Who reads.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="maxFrame">Largest frame in bytes.</param>
    public PipeOutboundLane(long laneId, FileDescriptor socket, PeerId remote, LaneKind kind, int maxFrame)
    {
        LaneId = laneId;
        UnixSocket.SetSendBuffer(socket, PipeWindow.SendBuffer);
        _socket = socket.IntoSocket();
        Remote = remote;
        Kind = kind;
        _maxFrame = maxFrame;
    }

    /// <summary>The broker's number for the lane.</summary>
    public long LaneId { get; }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <inheritdoc/>
    public override LaneBacking Backing => LaneBacking.Pipe;

    /// <summary>Whether no frame can be sent any more.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) is not null;

    /// <inheritdoc/>
    public override IBufferWriter<byte> BeginFrame()
    {
        if (_writing.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException(
                $"A message to {Remote} is being sent from inside the serialisation of another one to it: a getter or serialiser must not send.");
        }

        _writing.Enter();
        if (Volatile.Read(ref _closed) is { } closed)
        {
            _writing.Exit();
            throw Rethrow(closed);
        }

        _open = _spare ?? new FrameBuffer(_maxFrame);
        _spare = null;
        return _open;
    }

    /// <inheritdoc/>
    public override void AbortFrame()
    {
        FrameBuffer buffer = TakeOpen();
        Recycle(buffer);
        _writing.Exit();
    }

    /// <inheritdoc/>
    public override ValueTask<long> CommitFrameAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        FrameBuffer buffer = TakeOpen();
        WaitingFrame waiting;
        try
        {
            int length = buffer.Length;
            if (length == 0 || length > _maxFrame || cancellationToken.IsCancellationRequested)
            {
                Recycle(buffer);
                return length == 0 ? throw new InvalidOperationException("Nothing was written into the frame.")
                    : length > _maxFrame ? ValueTask.FromException<long>(FrameBuffer.TooLarge(length, _maxFrame, Remote))
                    : ValueTask.FromCanceled<long>(cancellationToken);
            }

            lock (_state)
            {
                if (TryPublish_NeedsLock(buffer, out long position))
                {
                    return new ValueTask<long>(position);
                }

                waiting = Wait_NeedsLock(buffer, timeout);
            }
        }
        catch (IpcException error)
        {
            return ValueTask.FromException<long>(error);
        }
        finally
        {
            _writing.Exit();
        }

        waiting.Watch(timeout, GiveUp, cancellationToken);
        return new ValueTask<long>(FinishAsync(waiting));
    }

    /// <summary>Ends the lane on this side. Frames that wait for room fail.</summary>
    public void Close(string reason)
    {
        lock (_state)
        {
            Close_NeedsLock(reason);
        }

        _socket.Dispose();
    }

    /// <summary>Completes when everything that is published now is with the kernel.</summary>
    public Task FlushAsync()
    {
        lock (_state)
        {
            return _pump;
        }
    }

    /// <summary>The reader has ended or dropped the lane: reads the acknowledgements that it left behind, then settles the account.</summary>
    /// <param name="reason">For senders.</param>
    /// <param name="settled">Called once with the last position that was published, and how many of those frames were not finished.</param>
    public void Settle(string reason, Action<long, long> settled)
    {
        lock (_state)
        {
            Close_NeedsLock(reason);
            _whenSettled = settled;
            if (_listening)
            {
                return; // The listener reads to the end of the stream, and settles.
            }

            while (!_socketEnded && DrainAcknowledgements_NeedsLock())
            {
            }
        }

        SettleNow();
    }

    private static IpcException Rethrow(IpcException closed) => new(closed.Reason, closed.Message);

    private FrameBuffer TakeOpen()
    {
        if (!_writing.IsHeldByCurrentThread || _open is null)
        {
            throw new InvalidOperationException($"No frame to {Remote} is open on this thread: call BeginFrame first, and do not await before the commit.");
        }

        FrameBuffer buffer = _open;
        _open = null;
        return buffer;
    }

    private void Recycle(FrameBuffer buffer)
    {
        buffer.Reset();
        if (Interlocked.CompareExchange(ref _spare, buffer, null) is not null)
        {
            buffer.Release();
        }
    }

    private bool HasRoom_NeedsLock(int bytes)
    {
        long frames = _sentFrames - _acknowledged.TakenFrames;
        long outstanding = _sentBytes - _acknowledged.TakenBytes;
        return frames < PipeWindow.Frames && (outstanding == 0 || outstanding + bytes <= PipeWindow.Bytes);
    }

    /// <summary>Publishes if nobody waits and there is room. On the fast path one system call and no allocation.</summary>
    private bool TryPublish_NeedsLock(FrameBuffer buffer, out long position)
    {
        position = 0;
        if (_closed is not null)
        {
            Recycle(buffer);
            throw Rethrow(_closed);
        }

        Memory<byte> wire = buffer.Wire;
        if (_sentFrames - _lookedAt >= PipeWindow.FramesPerLook || _sentBytes - _acknowledged.TakenBytes + wire.Length > PipeWindow.Bytes / 2)
        {
            _lookedAt = _sentFrames;
            while (DrainAcknowledgements_NeedsLock())
            {
            }
        }

        if (_waiting.Count > 0 || !HasRoom_NeedsLock(wire.Length))
        {
            return false;
        }

        position = Admit_NeedsLock(wire.Length);
        if (_pumping)
        {
            _admitted.Enqueue(new WaitingFrame { Buffer = buffer, Position = position });
            return true;
        }

        if (!TrySend_NeedsLock(wire, out int sent))
        {
            // Not a byte of it went out: it is not published.
            _sentFrames--;
            _sentBytes -= wire.Length;
            Recycle(buffer);
            throw Rethrow(_closed!);
        }

        if (sent == wire.Length)
        {
            Recycle(buffer);
        }
        else
        {
            _pumping = true;
            _pump = PumpAsync(new WaitingFrame { Buffer = buffer, Position = position }, sent);
        }

        return true;
    }

    private long Admit_NeedsLock(int bytes)
    {
        _sentBytes += bytes;
        return ++_sentFrames;
    }

    /// <summary>Sends what the kernel takes now.</summary>
    /// <returns>False when the reader has gone and nothing went out.</returns>
    private bool TrySend_NeedsLock(ReadOnlyMemory<byte> wire, out int sent)
    {
        sent = Math.Max(_socket.Send(wire.Span, SocketFlags.None, out SocketError error), 0);
        if (error is SocketError.Success or SocketError.WouldBlock)
        {
            return true;
        }

        sent = 0;
        Close_NeedsLock("its process has ended");
        return false;
    }

    private WaitingFrame Wait_NeedsLock(FrameBuffer buffer, TimeSpan timeout)
    {
        if (timeout == TimeSpan.Zero)
        {
            Recycle(buffer);
            throw Full(timeout);
        }

        var waiting = new WaitingFrame { Buffer = buffer };
        _waiting.AddLast(waiting);
        if (!_listening && !_socketEnded)
        {
            _listening = true;
            _ = ListenAsync();
        }

        return waiting;
    }

    private IpcException Full(TimeSpan timeout) => new(
        IpcError.InboxFull,
        timeout == TimeSpan.Zero
            ? $"The inbox of {Remote} is full."
            : $"The inbox of {Remote} stayed full for {timeout.TotalSeconds:0.###} s: it handles messages more slowly than they are sent.");

    private static async Task<long> FinishAsync(WaitingFrame waiting)
    {
        using (waiting)
        {
            return await waiting.Task.ConfigureAwait(false);
        }
    }

    private void GiveUp(WaitingFrame waiting, CancellationToken cancelled)
    {
        lock (_state)
        {
            if (!_waiting.Remove(waiting))
            {
                return; // Published, or failed already.
            }
        }

        waiting.Buffer.Release();
        if (cancelled.IsCancellationRequested)
        {
            waiting.Cancel(cancelled);
        }
        else
        {
            waiting.Fail(new IpcException(
                IpcError.InboxFull, $"The inbox of {Remote} stayed full for the whole sending timeout: it handles messages more slowly than they are sent."));
        }
    }

    /// <summary>Publishes those who wait, in order, as far as there is room.</summary>
    private void AdmitWaiting_NeedsLock()
    {
        while (_closed is null && _waiting.First is { } first && HasRoom_NeedsLock(first.Value.Buffer.Wire.Length))
        {
            WaitingFrame waiting = first.Value;
            Memory<byte> wire = waiting.Buffer.Wire;
            waiting.Position = Admit_NeedsLock(wire.Length);
            if (_pumping)
            {
                _waiting.RemoveFirst();
                _admitted.Enqueue(waiting);
                waiting.Succeed();
                continue;
            }

            if (!TrySend_NeedsLock(wire, out int sent))
            {
                // Closing has failed it together with the others.
                _sentFrames--;
                _sentBytes -= wire.Length;
                return;
            }

            _waiting.RemoveFirst();
            waiting.Succeed();
            if (sent == wire.Length)
            {
                waiting.Buffer.Release();
            }
            else
            {
                _pumping = true;
                _pump = PumpAsync(waiting, sent);
            }
        }
    }

    /// <summary>Sends what the kernel did not take at once, and what was admitted meanwhile.</summary>
    private async Task PumpAsync(WaitingFrame frame, int sent)
    {
        // Off the sender's thread and its locks from the first await on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            bool hasFailed = false;
            try
            {
                Memory<byte> wire = frame.Buffer.Wire;
                while (sent < wire.Length)
                {
                    sent += await _socket.SendAsync(wire[sent..], SocketFlags.None).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                hasFailed = true;
            }

            frame.Buffer.Release();
            lock (_state)
            {
                if (hasFailed)
                {
                    Close_NeedsLock("its process has ended"); // the socket stays open: the reader's last acknowledgements are in it
                }

                if (!_admitted.TryDequeue(out WaitingFrame? next))
                {
                    _pumping = false;
                    return;
                }

                frame = next;
                sent = 0;
            }
        }
    }

    /// <summary>Waits for acknowledgements while somebody waits for room.</summary>
    private async Task ListenAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            int received = 0;
            try
            {
                received = await _socket.ReceiveAsync(_acknowledgements.AsMemory(_partialAcknowledgement), SocketFlags.None).ConfigureAwait(false);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                received = 0; // Like the end of the stream: no acknowledgement will come.
            }

            bool settle;
            lock (_state)
            {
                Accept_NeedsLock(received);
                AdmitWaiting_NeedsLock();
                if (!_socketEnded && (_waiting.Count > 0 || _whenSettled is not null))
                {
                    continue;
                }

                _listening = false;
                settle = _whenSettled is not null;
            }

            if (settle)
            {
                SettleNow();
            }

            return;
        }
    }

    /// <summary>Reads the acknowledgements that are there, without waiting.</summary>
    /// <returns>Whether there were any.</returns>
    private bool DrainAcknowledgements_NeedsLock()
    {
        if (_listening || _socketEnded)
        {
            return false;
        }

        int received;
        try
        {
            received = _socket.Receive(_acknowledgements.AsSpan(_partialAcknowledgement), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return false;
            }

            received = error == SocketError.Success ? received : 0;
        }
        catch (ObjectDisposedException)
        {
            received = 0; // Closed on this side meanwhile.
        }

        Accept_NeedsLock(received);
        return received > 0;
    }

    private void Accept_NeedsLock(int received)
    {
        if (received == 0)
        {
            _socketEnded = true;
            Close_NeedsLock("its process has ended, or it has dropped the lane");
            return;
        }

        int available = _partialAcknowledgement + received;
        int whole = available / PipeAcknowledgement.Size * PipeAcknowledgement.Size;
        if (whole > 0)
        {
            PipeAcknowledgement newest = PipeAcknowledgement.Read(_acknowledgements.AsSpan(whole - PipeAcknowledgement.Size));

            // The numbers come from another process: they may not run ahead of what was sent, nor back.
            if (newest.TakenFrames >= _acknowledged.TakenFrames && newest.TakenFrames <= _sentFrames
                && newest.TakenBytes >= _acknowledged.TakenBytes && newest.TakenBytes <= _sentBytes
                && newest.FinishedFrames >= _acknowledged.FinishedFrames && newest.FinishedFrames <= _sentFrames)
            {
                _acknowledged = newest;
            }
            else
            {
                _socketEnded = true;
                Close_NeedsLock("it acknowledged what was never sent");
            }
        }

        _acknowledgements.AsSpan(whole, available - whole).CopyTo(_acknowledgements);
        _partialAcknowledgement = available - whole;
    }

    private void Close_NeedsLock(string reason)
    {
        if (_closed is not null)
        {
            return;
        }

        var error = new IpcException(IpcError.PeerGone, $"{Remote} does not read its pipe any more: {reason}.");
        Volatile.Write(ref _closed, error);
        foreach (WaitingFrame waiting in _waiting)
        {
            waiting.Fail(Rethrow(error));
        }

        _waiting.Clear();
    }

    private void SettleNow()
    {
        long position;
        long unfinished;
        Action<long, long>? settled;
        lock (_state)
        {
            settled = _whenSettled;
            _whenSettled = null;
            position = _sentFrames;
            unfinished = _sentFrames - _acknowledged.FinishedFrames;
        }

        _socket.Dispose();
        settled?.Invoke(position, unfinished);
    }
}
