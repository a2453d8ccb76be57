using Ipc;
using Microsoft.Extensions.Hosting;

namespace IpcWorker._1;

/// <summary>Asks any worker for a greeting, once a second.</summary>
public sealed class GreetingSender(IMessageSender sender) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
        do
        {
            try
            {
                Greeting greeting = await sender.RequestAsync(new Greet("world"), cancellationToken: stoppingToken);
                Console.WriteLine($"worker {greeting.WorkerId} (process {greeting.ProcessId}): {greeting.Text}");
            }
            catch (IpcException e)
            {
                // Nothing vanishes silently: a request whose worker died says so at once.
                Console.WriteLine($"no greeting: {e.Reason}: {e.Message}");
            }
        }
        while (await second.WaitForNextTickAsync(stoppingToken));
    }
}
