using System.Net.Sockets;

namespace Ipc.Transports.Pipes;

/// <content>Reads acknowledgements: while somebody waits for room, and to their end when the reader has gone, which settles the account.</content>
internal sealed partial class PipeOutboundLane
{
    private bool _listening;
    private bool _socketEnded;
    private Action<long, long>? _whenSettled;

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

    /// <summary>Waits for acknowledgements while somebody waits for room.</summary>
    private async Task ListenAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (true)
        {
            int received = 0;
            try
            {
                received = await _socket.ReceiveAsync(_window.Space, SocketFlags.None).ConfigureAwait(false);
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
            received = _socket.Receive(_window.Space.Span, SocketFlags.None, out SocketError error);
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

        if (!_window.TryAccept(received))
        {
            _socketEnded = true;
            Close_NeedsLock("it acknowledged what was never sent, or the same again");
        }
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
            position = _window.SentFrames;
            unfinished = _window.UnfinishedFrames;
        }

        _socket.Dispose();
        settled?.Invoke(position, unfinished);
    }
}
