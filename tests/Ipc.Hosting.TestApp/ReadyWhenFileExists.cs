using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Ipc.Hosting.TestApp;

/// <summary>Says that the worker is ready when the file of the option <c>ready-when</c> exists.</summary>
internal sealed class ReadyWhenFileExists(IConfiguration configuration, IWorkerReadiness readiness, IpcProcess process, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        lifetime.ApplicationStarted.Register(() => Console.WriteLine($"{process.Id} has started"));
        while (!File.Exists(configuration["ready-when"]))
        {
            await Task.Delay(20, stoppingToken);
        }

        Console.WriteLine($"{process.Id} says that it is ready");
        readiness.SetReady();
    }
}
