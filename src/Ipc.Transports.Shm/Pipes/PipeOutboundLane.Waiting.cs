namespace Ipc.Transports.Pipes;

/// <content>Frames that the window does not admit yet wait in a list, in the order of their commits.</content>
internal sealed partial class PipeOutboundLane
{
    private readonly LinkedList<WaitingFrame> _waiting = new(); // not published: no room in the window
    private long _waitingBytes;

    /// <summary>How much may wait for room in this process: calls that nobody awaits must not fill its memory.</summary>
    private long MaxWaitingBytes => Math.Max(4L * _maxFrame, 4 << 20);

    private WaitingFrame Wait_NeedsLock(FrameBuffer buffer, TimeSpan timeout)
    {
        if (timeout == TimeSpan.Zero)
        {
            Recycle(buffer);
            throw Full(timeout);
        }

        if (_waiting.Count != 0 && _waitingBytes + CostOf(buffer) > MaxWaitingBytes)
        {
            int length = buffer.Wire.Length;
            Recycle(buffer);
            throw new IpcException(
                IpcError.InboxFull,
                $"{LaneName} is full, and about {_waitingBytes} bytes wait for room in this process already, with which the {length} of this message would exceed {MaxWaitingBytes} (four times Ipc:MaxMessageSize, at least 4 MiB). Await earlier sends, or raise it.");
        }

        var waiting = new WaitingFrame { Buffer = buffer };
        _waiting.AddLast(waiting);
        _waitingBytes += CostOf(buffer);
        if (!_listening && !_socketEnded)
        {
            _listening = true;
            _ = ListenAsync();
        }

        return waiting;
    }

    private string LaneName => Kind == LaneKind.Inbox ? $"The inbox of {Remote}" : $"The answer lane to {Remote}";

    private IpcException Full(TimeSpan timeout) => new(
        IpcError.InboxFull,
        timeout == TimeSpan.Zero
            ? $"{LaneName} is full."
            : $"{LaneName} stayed full for {timeout.TotalSeconds:0.###} s: {(Kind == LaneKind.Inbox ? "it handles messages more slowly than they are sent" : "its process does not read what it is answered")}.");

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

            _waitingBytes -= CostOf(waiting.Buffer);
            EndSendingWhenDone_NeedsLock();
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

    /// <summary>About what a frame that waits takes of this process's memory.</summary>
    private static int CostOf(FrameBuffer buffer) => buffer.Wire.Length + 512;

    private void RemoveFirst_NeedsLock(WaitingFrame first)
    {
        _waiting.RemoveFirst();
        _waitingBytes -= CostOf(first.Buffer);
    }

    /// <summary>Publishes those who wait, in order, as far as there is room.</summary>
    private void AdmitWaiting_NeedsLock()
    {
        while (_closed is null && _waiting.First is { } first && _window.HasRoom(first.Value.Buffer.Wire.Length))
        {
            WaitingFrame waiting = first.Value;
            Memory<byte> wire = waiting.Buffer.Wire;
            waiting.Position = _window.Admit(wire.Length);
            if (_pumping)
            {
                RemoveFirst_NeedsLock(waiting);
                _admitted.Enqueue(waiting);
                waiting.Succeed();
                continue;
            }

            if (!TrySend_NeedsLock(wire, out int sent))
            {
                // Closing has failed it together with the others.
                _window.TakeBack(wire.Length);
                return;
            }

            RemoveFirst_NeedsLock(waiting);
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

        EndSendingWhenDone_NeedsLock();
    }
}
