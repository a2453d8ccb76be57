using Ipc.InProcess;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Over the in-memory network.</summary>
public sealed class MemoryCluster : TestCluster
{
    private readonly InMemoryNetwork _network = new(Limits);

    public MemoryCluster() => Supervisor = _network.Join(PeerId.Supervisor, PeerActions.None, SupervisorReceiver);

    public override Transport Supervisor { get; }

    public override bool KeepsInboxes => true;

    public override LaneBacking Backing => LaneBacking.Memory;

    public override Task<Transport> StartAsync(PeerId worker, ITransportReceiver receiver)
    {
        Transport transport = _network.Join(worker, new PeerActions(["test"]), receiver);
        _network.SetReady(worker);
        return Task.FromResult(transport);
    }

    public override Task KillAsync(PeerId worker, bool keepInbox)
    {
        _network.Leave(worker, keepInbox);
        return Task.CompletedTask;
    }

    public override void AddSlot(string group, int workerId) => _network.AddSlot(group, workerId);

    public override ValueTask DisposeAsync() => Supervisor.DisposeAsync();
}
