using System.Net.Sockets;

namespace Ipc.Transports.Pipes;

/// <content>The reader makes place for its successor: what was committed it still gets, what comes later is for the successor, over another pipe.</content>
internal sealed partial class PipeOutboundLane
{
    private bool _isLeaving;
    private bool _hasEndedSending;

    /// <summary>
    /// Takes no more frames. Those that wait for room are still sent, in their order; then the reader is told that it has them all. Acknowledgements are read on, and the account is
    /// settled by <see cref="Settle"/> as for every pipe.
    /// </summary>
    public void Leave()
    {
        lock (_state)
        {
            Volatile.Write(ref _isLeaving, true);
            EndSendingWhenDone_NeedsLock();
        }
    }

    private IpcException WhyClosed() => Volatile.Read(ref _closed) is { } closed
        ? Rethrow(closed)
        : new IpcException(IpcError.PeerGone, $"{Remote} makes place for its successor and takes no more messages over this pipe.");

    private void EndSendingWhenDone_NeedsLock()
    {
        if (!_isLeaving || _hasEndedSending || _closed is not null || _pumping || _waiting.Count > 0)
        {
            return;
        }

        _hasEndedSending = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It has ended already, and its reader with it.
        }
    }
}
