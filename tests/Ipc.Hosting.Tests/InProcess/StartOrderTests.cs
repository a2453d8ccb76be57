using System.Collections.Concurrent;
using Ipc.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

/// <summary>The order of groups in a cluster that runs in one process.</summary>
public sealed class StartOrderTests
{
    [Fact]
    public async Task A_group_starts_behind_the_one_that_it_depends_on()
    {
        var order = new ConcurrentQueue<string>();
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o =>
            {
                o.Groups["web"] = new IpcGroupOptions { Count = 2, DependsOn = { "zone" } };
                o.Groups["zone"] = new IpcGroupOptions { Count = 2 };
            },
            w => w
                .OnWorkers("web", s => s.AddHostedService(_ => new Noting(order, "web")))
                .OnWorkers("zone", s => s.AddHostedService(_ => new Noting(order, "zone"))));

        Assert.All(order.Take(4), what => Assert.StartsWith("zone ", what, StringComparison.Ordinal));
        Assert.All(order.Skip(4), what => Assert.StartsWith("web ", what, StringComparison.Ordinal));
        Assert.Equal(8, order.Count);
    }

    private sealed class Noting(ConcurrentQueue<string> order, string group) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            order.Enqueue($"{group} begins");
            await Task.Yield(); // others get their turn
            order.Enqueue($"{group} has started");
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
