using Ipc.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the cluster to a program's health checks.</summary>
public static class IpcHealthChecksBuilderExtensions
{
    /// <summary>
    /// Reports the cluster of <c>AddIpcWorkers</c>. In the supervisor: Degraded when a worker id is quarantined or has no ready process, or when a ring of an inbox is at least
    /// 90 % full; unhealthy when a group has no ready worker left. In a worker: unhealthy while it is not connected and ready. Safe to call from any thread at any time; it asks no worker.
    /// </summary>
    /// <param name="builder">The program's health checks.</param>
    /// <param name="name">The name of the check; default <c>ipc</c>.</param>
    /// <param name="failureStatus">What unhealthy is reported as; <see langword="null"/>, the default, is <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">Tags to choose checks by; default none.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddIpcWorkers(
        this IHealthChecksBuilder builder, string name = "ipc", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return builder.Add(new HealthCheckRegistration(name, static services => new IpcHealthCheck(services.GetService<Ipc.ClusterService>()), failureStatus, tags));
    }
}
