using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>A worker's end: one control connection to the supervisor, and lanes to every peer.</summary>
public sealed class WorkerTransport : Transport
{
    private WorkerTransport(PeerId self) => Self = self;

    /// <inheritdoc/>
    public override PeerId Self { get; }

    /// <inheritdoc/>
    public override PeerDirectory Directory { get; } = PeerDirectory.Empty;

    /// <summary>Connects to the supervisor and proves who this process is.</summary>
    public static Task<WorkerTransport> ConnectAsync(
        WorkerTransportOptions options,
        PeerActions actions,
        ITransportReceiver receiver,
        IWorkerEvents events,
        ILoggerFactory loggers,
        CancellationToken cancellationToken) => throw new WorkerTransport(options.Self).Unavailable();

    /// <summary>Tells the supervisor that this worker is ready; then the directory shows it.</summary>
    public ValueTask ReportReadyAsync(CancellationToken cancellationToken) => throw Unavailable();

    /// <inheritdoc/>
    public override ValueTask<OutboundLane> OpenLaneAsync(PeerId remote, LaneKind kind, CancellationToken cancellationToken) => throw Unavailable();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private IpcException Unavailable() => new(IpcError.NotRunning, $"{Self} is not connected.");
}
