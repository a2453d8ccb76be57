using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Keeps what a supervisor's transport reports.</summary>
public sealed class SupervisorEvents : ISupervisorEvents
{
    private readonly Channel<(PeerId Worker, string Peer, long Count, string Reason)> _lost =
        Channel.CreateUnbounded<(PeerId, string, long, string)>();

    /// <summary>Everything but losses, as text.</summary>
    public ConcurrentQueue<string> Log { get; } = [];

    /// <summary>Thrown when a worker connects.</summary>
    public Exception? Failure { get; set; }

    public void OnWorkerConnected(PeerId worker)
    {
        Log.Enqueue($"connected {worker}");
        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    public void OnWorkerReady(PeerId worker) => Log.Enqueue($"ready {worker}");

    public void OnWorkerDisconnected(PeerId worker) => Log.Enqueue($"disconnected {worker}");

    public void OnMessagesLost(PeerId worker, string peerOrAction, long count, string reason) =>
        _lost.Writer.TryWrite((worker, peerOrAction, count, reason));

    /// <summary>The next loss.</summary>
    public async Task<(PeerId Worker, string Peer, long Count, string Reason)> NextLostAsync() =>
        await _lost.Reader.ReadAsync().AsTask().WaitAsync(Frames.Patience);
}
