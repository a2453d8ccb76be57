using Ipc.Health;
using Ipc.Messaging;
using Ipc.Supervision;
using Microsoft.Extensions.Logging;

namespace Ipc;

/// <summary>No part in any cluster: sending throws and says why.</summary>
internal sealed class AbsentMember(Peer peer, ILogger logger, string reason) : IClusterMember
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        SupervisionLog.Off(logger, reason);
        peer.Stop($"nothing can be sent, since there is no cluster here: {reason}");
        return Task.CompletedTask;
    }

    public Task ReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ClusterHealth CheckHealth() => ClusterHealth.Healthy($"There is no cluster here: {reason}");

    public ValueTask DisposeAsync() => default;
}
