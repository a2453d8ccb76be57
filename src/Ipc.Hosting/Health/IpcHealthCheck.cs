using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ipc.Health;

/// <summary>Reports this process's part in its cluster.</summary>
/// <param name="cluster">The part; <see langword="null"/> when <c>AddIpcWorkers</c> was not called on the services.</param>
internal sealed class IpcHealthCheck(ClusterService? cluster) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ClusterHealth health = cluster?.CheckHealth() ?? ClusterHealth.Unhealthy("AddIpcWorkers() was not called on these services.");
        HealthStatus status = health.Status == HealthStatus.Unhealthy ? context.Registration.FailureStatus : health.Status;
        return Task.FromResult(new HealthCheckResult(status, health.Description, data: health.Data));
    }
}
