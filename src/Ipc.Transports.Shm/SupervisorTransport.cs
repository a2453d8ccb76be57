using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>The supervisor's end: admits workers, brokers lanes between all peers, and keeps the inboxes of worker ids across their incarnations.</summary>
public sealed class SupervisorTransport : Transport
{
    private SupervisorTransport()
    {
    }

    /// <inheritdoc/>
    public override PeerId Self => PeerId.Supervisor;

    /// <inheritdoc/>
    public override PeerDirectory Directory { get; } = PeerDirectory.Empty;

    /// <summary>Shared memory that the cluster's lanes hold now, in bytes.</summary>
    public long SharedMemoryInUse { get; }

    /// <summary>Why lanes go over the pipe; <see langword="null"/> while they use shared memory.</summary>
    public string? SharedMemoryRefusal { get; }

    /// <summary>Opens the endpoint and starts the control thread.</summary>
    public static SupervisorTransport Start(
        SupervisorTransportOptions options, PeerActions actions, ITransportReceiver receiver, ISupervisorEvents events, ILoggerFactory loggers) => new();

    /// <summary>Adds a worker id to the directory, with incarnation 0.</summary>
    public void AddSlot(string group, int workerId) => throw Unavailable();

    /// <summary>Announces an incarnation that is about to be started.</summary>
    /// <returns>What its process needs to connect.</returns>
    public WorkerTicket ExpectWorker(PeerId worker) => throw Unavailable();

    /// <summary>Says which process was started; a connection that arrived earlier has waited for it.</summary>
    public void SetProcessId(PeerId worker, int processId) => throw Unavailable();

    /// <summary>Asks a worker over its control connection to finish.</summary>
    public void RequestStop(PeerId worker, TimeSpan deadline) => throw Unavailable();

    /// <summary>The worker's process has ended: every sender is told, and its inbox waits for the successor or is given up.</summary>
    public void WorkerExited(PeerId worker, bool keepInbox) => throw Unavailable();

    /// <inheritdoc/>
    public override ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken) => throw Unavailable();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IpcException Unavailable() => new(IpcError.NotRunning, $"The endpoint of {Self} with {Directory.Peers.Count} peers is not open.");
}
