using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>A service that fails in the background: in the group <c>late</c> when the host has started, else at once.</summary>
internal sealed class FailingService(IpcProcess process, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (process.Group == "late")
        {
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
        }

        throw new InvalidOperationException("no licence", new FileNotFoundException("no such file"));
    }
}
