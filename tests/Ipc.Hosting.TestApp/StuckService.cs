using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>A service that does not end when it is told to.</summary>
internal sealed class StuckService : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Delay(Timeout.Infinite, CancellationToken.None);
}
