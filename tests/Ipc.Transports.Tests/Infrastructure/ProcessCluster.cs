using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Over the control connection with pipes or rings; the workers' ends live in the test's process.</summary>
public sealed class ProcessCluster : TestCluster
{
    private readonly Dictionary<PeerId, WorkerTransport> _workers = [];
    private readonly bool _useSharedMemory;

    public ProcessCluster(bool useSharedMemory)
    {
        _useSharedMemory = useSharedMemory;
        SupervisorSide = SupervisorTransport.Start(
            new SupervisorTransportOptions { Limits = Limits, UseSharedMemory = useSharedMemory },
            PeerActions.None,
            SupervisorReceiver,
            Events,
            NullLoggerFactory.Instance);
    }

    public SupervisorTransport SupervisorSide { get; }

    public SupervisorEvents Events { get; } = new();

    public override Transport Supervisor => SupervisorSide;

    public override bool KeepsInboxes => _useSharedMemory;

    public override LaneBacking Backing => _useSharedMemory ? LaneBacking.SharedMemory : LaneBacking.Pipe;

    public override async Task<Transport> StartAsync(PeerId worker, ITransportReceiver receiver)
    {
        WorkerTicket ticket = SupervisorSide.ExpectWorker(worker);
        SupervisorSide.SetProcessId(worker, Environment.ProcessId);
        WorkerTransport transport = await WorkerTransport.ConnectAsync(
            new WorkerTransportOptions { Endpoint = ticket.Endpoint, Secret = ticket.Secret, Self = worker, Limits = Limits },
            new PeerActions(["test"]),
            receiver,
            new WorkerEvents(),
            NullLoggerFactory.Instance,
            CancellationToken.None);
        await transport.ReportReadyAsync(CancellationToken.None);
        _workers[worker] = transport;
        return transport;
    }

    public override async Task KillAsync(PeerId worker, bool keepInbox)
    {
        await _workers[worker].DisposeAsync();
        SupervisorSide.WorkerExited(worker, keepInbox);
    }

    public override void AddSlot(string group, int workerId) => SupervisorSide.AddSlot(group, workerId);

    public override async ValueTask DisposeAsync()
    {
        foreach (WorkerTransport worker in _workers.Values)
        {
            await worker.DisposeAsync();
        }

        await SupervisorSide.DisposeAsync();
    }
}
