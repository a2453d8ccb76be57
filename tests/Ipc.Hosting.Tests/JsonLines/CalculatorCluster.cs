using Ipc.Hosting.Tests.Contracts;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>A cluster whose workers run the calculator, for tests that leave nothing behind in it.</summary>
public sealed class CalculatorCluster : IAsyncLifetime
{
    internal InProcessCluster Cluster { get; private set; } = null!;

    internal static Task<InProcessCluster> StartAsync() => InProcessCluster.StartAsync(
        more: workers => workers.OnWorkers(services => services.AddIpcService<ICalculator, Calculator>()));

    public async Task InitializeAsync() => Cluster = await StartAsync();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
