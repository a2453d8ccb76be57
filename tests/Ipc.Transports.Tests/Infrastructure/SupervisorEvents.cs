using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Keeps what a supervisor's transport reports.</summary>
public sealed class SupervisorEvents : ISupervisorEvents
{
    private readonly Channel<LostNews> _lost = Channel.CreateUnbounded<LostNews>();

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

    /// <summary>Runs on the control thread when a worker is ready.</summary>
    public Action<PeerId>? WhenReady { get; set; }

    public void OnWorkerReady(PeerId worker)
    {
        Log.Enqueue($"ready {worker}");
        WhenReady?.Invoke(worker);
    }

    public void OnWorkerHandledEnough(PeerId worker, long count) => Log.Enqueue($"has handled {count} {worker}");

    public void OnWorkerPrepared(PeerId worker, bool isReady) => Log.Enqueue($"{(isReady ? "ready without an id" : "wants its id")} {worker}");

    public void OnWorkerDisconnected(PeerId worker) => Log.Enqueue($"disconnected {worker}");

    public void OnMessagesLost(PeerId worker, PeerId sender, string? action, long count, string reason) =>
        _lost.Writer.TryWrite(new LostNews(worker, sender, action, count, reason));

    public void OnWorkerDying(PeerId worker) => Log.Enqueue($"dying {worker}");

    public void OnWorkerPulse(PeerId worker, WorkerPulse pulse) => Log.Enqueue($"{worker}: {pulse}");

    public void OnWorkerSettled(PeerId worker, IReadOnlyList<ActionCount> running) => Log.Enqueue($"settled {worker}: {string.Join(", ", running)}");

    public void OnClientJoined(PeerId client, int processId) => Log.Enqueue($"joined {client} of {processId}");

    public void OnClientLeft(PeerId client, string reason) => Log.Enqueue($"left {client}");

    /// <summary>Waits for a line of the log.</summary>
    public async Task WaitForAsync(string line)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (!Log.Contains(line))
        {
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>A loss that was reported already.</summary>
    public bool TryNextLost(out LostNews? lost) => _lost.Reader.TryRead(out lost);

    /// <summary>The next loss.</summary>
    public async Task<LostNews> NextLostAsync() =>
        await _lost.Reader.ReadAsync().AsTask().WaitAsync(Frames.Patience);
}
