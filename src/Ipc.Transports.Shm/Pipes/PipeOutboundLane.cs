using System.Buffers;
using System.Net.Sockets;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Pipes;

/// <summary>
/// The writing end of a pipe lane. A frame that the window admits is published: it goes to the kernel on the sender's own thread, or, when the kernel's buffer is full,
/// by the one asynchronous pump. Others wait in the order of their commits.
/// </summary>
internal sealed partial class PipeOutboundLane : OutboundLane
{
    private readonly Lock _writing = new(); // held from BeginFrame to the end of the commit
    private readonly Lock _state = new(); // guards the window and what its users below and in the other parts have, briefly; taken inside _writing, never the other way round
    private readonly Socket _socket;
    private readonly int _maxFrame;
    private readonly PipeSendWindow _window = new();

    private FrameBuffer? _open;
    private FrameBuffer? _spare;
    private IpcException? _closed;

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
    public bool IsClosed => Volatile.Read(ref _closed) is not null || Volatile.Read(ref _isLeaving);

    /// <inheritdoc/>
    public override IBufferWriter<byte> BeginFrame()
    {
        if (_writing.IsHeldByCurrentThread)
        {
            throw new InvalidOperationException(
                $"A message to {Remote} is being sent from inside the serialisation of another one to it: a getter or serialiser must not send.");
        }

        _writing.Enter();
        if (IsClosed)
        {
            _writing.Exit();
            throw WhyClosed();
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

    /// <summary>Publishes if nobody waits and there is room. On the fast path one system call and no allocation.</summary>
    private bool TryPublish_NeedsLock(FrameBuffer buffer, out long position)
    {
        position = 0;
        if (IsClosed)
        {
            Recycle(buffer);
            throw WhyClosed();
        }

        Memory<byte> wire = buffer.Wire;
        if (_window.IsTimeToLook(wire.Length))
        {
            while (DrainAcknowledgements_NeedsLock())
            {
            }
        }

        if (_waiting.Count > 0 || !_window.HasRoom(wire.Length))
        {
            return false;
        }

        position = _window.Admit(wire.Length);
        if (_pumping)
        {
            _admitted.Enqueue(new WaitingFrame { Buffer = buffer, Position = position });
            return true;
        }

        if (!TrySend_NeedsLock(wire, out int sent))
        {
            // Not a byte of it went out: it is not published.
            _window.TakeBack(wire.Length);
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
        _waitingBytes = 0;
    }
}
