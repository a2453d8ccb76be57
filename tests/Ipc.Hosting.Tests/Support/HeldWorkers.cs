using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.Tests;

/// <summary>Keeps workers from joining their cluster until the test releases them.</summary>
internal sealed class HeldWorkers(IpcProcess process, Gates gates) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => process.IsWorker ? gates.Release.Task : Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
