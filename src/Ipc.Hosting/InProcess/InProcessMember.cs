using Ipc.Health;
using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>An in-process worker's part: joins the cluster's network.</summary>
internal sealed class InProcessMember(Peer peer, InProcessWorker worker) : IClusterMember
{
    private Transport? _transport;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _transport = worker.Network.Join(worker.Id, peer.Registry.Actions, peer);
        peer.Attach(_transport);
        peer.Dispatcher.Events.Raise(WorkerStarted.EventName, new WorkerStarted(peer.Id, Environment.ProcessId));
        return Task.CompletedTask;
    }

    public Task ReadyAsync(CancellationToken cancellationToken)
    {
        worker.Network.SetReady(worker.Id);
        peer.Dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(peer.Id, Environment.ProcessId));
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        peer.Dispatcher.Events.Raise(WorkerStopping.EventName, new WorkerStopping(peer.Id, Environment.ProcessId, peer.Options.StopTimeout));
        return peer.Dispatcher.DrainAsync(worker.Network.CloseAsync(worker.Id, LaneKind.Inbox), peer.Options.StopTimeout, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        peer.Stop($"{peer.Id} has stopped.");
        return Task.CompletedTask;
    }

    public ClusterHealth CheckHealth() => peer.CheckOwnHealth();

    public async ValueTask DisposeAsync()
    {
        if (_transport is { } transport)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}
