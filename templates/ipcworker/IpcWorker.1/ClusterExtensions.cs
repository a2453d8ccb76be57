using Ipc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IpcWorker._1;

/// <summary>Everything that Program.cs and the tests have in common.</summary>
public static class ClusterExtensions
{
    /// <summary>Adds the cluster, and what runs in its supervisor only.</summary>
    public static IHostApplicationBuilder AddCluster(this IHostApplicationBuilder builder)
    {
        builder.AddIpcWorkers().OnSupervisor(services => services.AddHostedService<GreetingSender>());
        return builder;
    }
}
