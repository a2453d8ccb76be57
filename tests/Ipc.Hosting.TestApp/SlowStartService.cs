using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>A service that takes its time to start, and gives up when the host is told to stop.</summary>
internal sealed class SlowStartService : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.Delay(TimeSpan.FromSeconds(4), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
