using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Pipes;

/// <summary>The reading end of a pipe lane. One asynchronous loop cuts the bytes into frames and calls the receiver on the thread that received them.</summary>
internal sealed class PipeInboundLane : InboundLane, IDisposable
{
    private const int BufferSize = 32 << 10;
    private const int FirstLargeSize = 4 << 20;

    private readonly Socket _socket;
    private readonly ITransportReceiver _receiver;
    private readonly ILogger _logger;
    private readonly int _maxFrame;
    private readonly Action<PipeInboundLane, string?> _onEnded;
    private readonly SemaphoreSlim _resume = new(0, 1);
    private readonly Lock _acknowledging = new();
    private readonly byte[] _acknowledgement = new byte[PipeAcknowledgement.Size];

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int _start;
    private int _end;
    private bool _frameWasTaken;

    private long _takenFrames;
    private long _takenBytes;
    private long _finishedFrames;
    private int _finishedAtOnce;
    private PipeAcknowledgement _acknowledged;
    private long _acknowledgedFinished;
    private bool _sendingAcknowledgement;
    private bool _closed;
    private bool _isReadToItsEnd;
    private int _hasEnded;
    private string? _fault;

    /// <summary>Takes over a connected socket.</summary>
    /// <param name="laneId">The broker's number for the lane.</param>
    /// <param name="socket">The reader's end.</param>
    /// <param name="remote">Who writes.</param>
    /// <param name="kind">What the lane is for.</param>
    /// <param name="maxFrame">Largest frame in bytes.</param>
    /// <param name="receiver">Gets the frames.</param>
    /// <param name="logger">For what goes wrong.</param>
    /// <param name="onEnded">Called once; the reason is set when this side dropped the lane.</param>
    public PipeInboundLane(
        long laneId,
        FileDescriptor socket,
        PeerId remote,
        LaneKind kind,
        int maxFrame,
        ITransportReceiver receiver,
        ILogger logger,
        Action<PipeInboundLane, string?> onEnded)
    {
        LaneId = laneId;
        UnixSocket.SetSendBuffer(socket, PipeWindow.SendBuffer);
        _socket = socket.IntoSocket();
        Remote = remote;
        Kind = kind;
        _maxFrame = maxFrame;
        _receiver = receiver;
        _logger = logger;
        _onEnded = onEnded;
    }

    private enum Progress
    {
        NeedsBytes,
        Held,
        Ended,
    }

    /// <summary>The broker's number for the lane.</summary>
    public long LaneId { get; }

    /// <inheritdoc/>
    public override PeerId Remote { get; }

    /// <inheritdoc/>
    public override LaneKind Kind { get; }

    /// <summary>Begins to read, on a pool thread.</summary>
    public void Start() => ThreadPool.UnsafeQueueUserWorkItem(static lane => _ = lane.RunAsync(), this, preferLocal: false);

    /// <inheritdoc/>
    public override void Resume()
    {
        lock (_resume)
        {
            if (_resume.CurrentCount == 0)
            {
                _resume.Release();
            }
        }
    }

    /// <inheritdoc/>
    public override void Fault(string reason)
    {
        Interlocked.CompareExchange(ref _fault, reason, null);
        Dispose();
    }

    /// <summary>Ends the lane from this side without blaming the writer.</summary>
    public void Dispose()
    {
        lock (_acknowledging)
        {
            Acknowledge(); // the writer counts what it is not told as lost
            _closed = true;
        }

        // A loop that is receiving or held wakes up and ends.
        _socket.Dispose();
        Resume();
        Interlocked.MemoryBarrier(); // pairs with the end of reading: it sets its mark, then looks whether this is closed
        if (Volatile.Read(ref _isReadToItsEnd))
        {
            EndWhenFinished();
        }
    }

    /// <inheritdoc/>
    public override void EnterUserCode()
    {
        // Each lane has a reader of its own: code that blocks in one holds up no other, and the receiver runs what may block on the pool (HandsOver is false).
    }

    /// <summary>A frame that had been taken is finished.</summary>
    internal void OnFinished()
    {
        long finished = Interlocked.Increment(ref _finishedFrames);
        if (finished >= Volatile.Read(ref _takenFrames)
            || finished - Volatile.Read(ref _acknowledgedFinished) >= PipeWindow.FinishedAtOnce
            || Interlocked.Increment(ref _finishedAtOnce) <= PipeWindow.FinishedAtOnce)
        {
            Acknowledge();
        }

        if (Volatile.Read(ref _isReadToItsEnd))
        {
            EndWhenFinished();
        }
    }

    /// <inheritdoc/>
    protected override void MarkStarted(long token, bool redeliver)
    {
        // See PipeFrameLease.MarkStarted.
    }

    /// <inheritdoc/>
    protected override FrameLease Take(long token, ReadOnlySpan<byte> bytes, bool keepBytes)
    {
        _frameWasTaken = true;
        byte[] kept = keepBytes ? GC.AllocateUninitializedArray<byte>(bytes.Length) : [];
        bytes[..kept.Length].CopyTo(kept);
        return new PipeFrameLease(this, kept);
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                Progress progress = DeliverBuffered();
                if (progress == Progress.Held)
                {
                    Acknowledge();
                    await _resume.WaitAsync().ConfigureAwait(false);
                    if (Volatile.Read(ref _closed))
                    {
                        break;
                    }

                    continue;
                }

                if (progress == Progress.Ended)
                {
                    break;
                }

                MakeRoom();
                ValueTask<int> receiving = _socket.ReceiveAsync(_buffer.AsMemory(_end), SocketFlags.None);
                if (!receiving.IsCompleted)
                {
                    // Nothing is waiting: tell the writer how far we are while there is time for it.
                    Acknowledge();
                }

                int received = await receiving.ConfigureAwait(false);
                if (received == 0)
                {
                    if (Kind == LaneKind.Answer)
                    {
                        break;
                    }

                    // The writer of messages sends no more, and wants to know what becomes of those that run.
                    WarnOfRest();
                    Volatile.Write(ref _isReadToItsEnd, true);
                    Interlocked.MemoryBarrier(); // pairs with OnFinished: it counts, then looks at the mark
                    EndWhenFinished();
                    return;
                }

                _end += received;
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The writer has gone, or the lane was closed on this side: either way nothing more will come, and what came is delivered.
            Dispose();
        }
#pragma warning disable CA1031 // A receiver that throws ends its lane, not the process.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.ReceiverFailed(_logger, error, Kind, Remote);
            Fault($"the receiver failed: {error.Message}");
        }

        WarnOfRest();
        End();
    }

    private void WarnOfRest()
    {
        if (_end > _start && _fault is null && !Volatile.Read(ref _closed))
        {
            ControlLog.TruncatedFrame(_logger, Kind, Remote);
        }
    }

    /// <summary>Nothing more comes: ends the lane with the last frame that was taken. Any thread; it ends once.</summary>
    private void EndWhenFinished()
    {
        if ((Interlocked.Read(ref _finishedFrames) >= Volatile.Read(ref _takenFrames) || Volatile.Read(ref _closed))
            && Interlocked.Exchange(ref _hasEnded, 1) == 0)
        {
            End();
        }
    }

    private void End()
    {
        Acknowledge();
        Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        _onEnded(this, _fault);
    }

    /// <summary>Gives every whole frame in the buffer to the receiver. The one caller of the receiver for this lane: frames come one at a time and in order.</summary>
    private Progress DeliverBuffered()
    {
        while (_end - _start >= FrameBuffer.PrefixSize)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
            if (length > (uint)_maxFrame)
            {
                Fault($"a frame of {length:N0} bytes was announced, at most {_maxFrame:N0} are allowed");
                return Progress.Ended;
            }

            int total = FrameBuffer.PrefixSize + (int)length;
            if (_end - _start < total)
            {
                break;
            }

            _frameWasTaken = false;
            var frame = new InboundFrame(this, _buffer.AsSpan(_start + FrameBuffer.PrefixSize, (int)length), _takenFrames + 1);
            FrameDisposition disposition = _receiver.OnFrame(frame);
            if (Volatile.Read(ref _closed))
            {
                return Progress.Ended;
            }

            if (disposition == FrameDisposition.Held)
            {
                return Progress.Held;
            }

            _start += total;
            Volatile.Write(ref _takenBytes, _takenBytes + total);
            Volatile.Write(ref _takenFrames, _takenFrames + 1);
            if (_takenFrames % PipeWindow.FramesPerLook == 0)
            {
                Volatile.Write(ref _finishedAtOnce, 0); // the writer has looked meanwhile
            }

            if (!_frameWasTaken)
            {
                Interlocked.Increment(ref _finishedFrames);
            }

            if (_takenFrames - _acknowledged.TakenFrames >= PipeWindow.Frames / 4 || _takenBytes - _acknowledged.TakenBytes >= PipeWindow.Bytes / 4)
            {
                Acknowledge();
            }
        }

        return Progress.NeedsBytes;
    }

    private void MakeRoom()
    {
        int buffered = _end - _start;
        int needed = BufferSize;
        if (buffered >= FrameBuffer.PrefixSize)
        {
            // Grows as bytes really arrive: an announced length alone costs at most FirstLargeSize.
            int total = FrameBuffer.PrefixSize + BinaryPrimitives.ReadInt32LittleEndian(_buffer.AsSpan(_start));
            needed = Math.Max(BufferSize, (int)Math.Min(total, Math.Max(FirstLargeSize, buffered * 2L)));
        }

        if (needed > _buffer.Length || (needed == BufferSize && _buffer.Length > FirstLargeSize))
        {
            byte[] other = ArrayPool<byte>.Shared.Rent(needed);
            _buffer.AsSpan(_start, buffered).CopyTo(other);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = other;
        }
        else if (_start > 0)
        {
            _buffer.AsSpan(_start, buffered).CopyTo(_buffer);
        }

        _start = 0;
        _end = buffered;
    }

    /// <summary>Tells the writer how far we are, unless it knows. Any thread.</summary>
    private void Acknowledge()
    {
        lock (_acknowledging)
        {
            if (_closed || _sendingAcknowledgement)
            {
                return;
            }

            var now = new PipeAcknowledgement(Volatile.Read(ref _takenFrames), Volatile.Read(ref _takenBytes), Volatile.Read(ref _finishedFrames));
            if (now == _acknowledged)
            {
                return;
            }

            now.Write(_acknowledgement);
            Volatile.Write(ref _acknowledgedFinished, now.FinishedFrames);
            int sent = _socket.Send(_acknowledgement, SocketFlags.None, out SocketError error);
            if (error == SocketError.Success && sent == PipeAcknowledgement.Size)
            {
                _acknowledged = now;
                return;
            }

            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                return; // The writer has gone; receiving says so too.
            }

            // The writer has let acknowledgements pile up. This one is sent when there is room; those that come meanwhile are in the next.
            _sendingAcknowledgement = true;
            _acknowledged = now;
            _ = SendRestAsync(Math.Max(sent, 0));
        }
    }

    private async Task SendRestAsync(int offset)
    {
        try
        {
            while (offset < PipeAcknowledgement.Size)
            {
                offset += await _socket.SendAsync(_acknowledgement.AsMemory(offset), SocketFlags.None).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            return; // As above.
        }

        lock (_acknowledging)
        {
            _sendingAcknowledgement = false;
        }

        Acknowledge();
    }
}
