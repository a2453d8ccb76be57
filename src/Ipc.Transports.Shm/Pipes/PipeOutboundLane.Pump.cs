using System.Net.Sockets;

namespace Ipc.Transports.Pipes;

/// <content>Sends off the sender's thread what the kernel did not take at once.</content>
internal sealed partial class PipeOutboundLane
{
    private readonly Queue<WaitingFrame> _admitted = new(); // published, behind the one that the pump sends
    private bool _pumping;
    private Task _pump = Task.CompletedTask;

    /// <summary>Completes when everything that is published now is with the kernel.</summary>
    public Task FlushAsync()
    {
        lock (_state)
        {
            return _pump;
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
                    EndSendingWhenDone_NeedsLock();
                    return;
                }

                frame = next;
                sent = 0;
            }
        }
    }
}
