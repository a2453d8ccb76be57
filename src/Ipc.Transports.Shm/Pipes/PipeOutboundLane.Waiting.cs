namespace Ipc.Transports.Pipes;

/// <content>Frames that the window does not admit yet wait in a list, in the order of their commits.</content>
internal sealed partial class PipeOutboundLane
{
    private readonly LinkedList<WaitingFrame> _waiting = new(); // not published: no room in the window

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
        while (_closed is null && _waiting.First is { } first && _window.HasRoom(first.Value.Buffer.Wire.Length))
        {
            WaitingFrame waiting = first.Value;
            Memory<byte> wire = waiting.Buffer.Wire;
            waiting.Position = _window.Admit(wire.Length);
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
                _window.TakeBack(wire.Length);
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
}
