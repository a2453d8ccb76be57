using Ipc;
using Microsoft.Extensions.Hosting;
using Quickstart.Messages;

namespace Outsider;

/// <summary>What a client can do: send, ask, be answered, and be told no.</summary>
internal sealed class Visit(IMessageSender sender, IpcProcess process, VisitOptions options, Answered answered, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Where no Quickstart runs yet, the first request waits for one.
        string date = await sender.RequestAsync(new FormatDate(DateTimeOffset.Now, "dddd, HH:mm"), cancellationToken: stoppingToken);
        Console.WriteLine($"I am {process.Id}, process {Environment.ProcessId}. A worker says that it is {date}.");

        await sender.SendAsync(new Test("hello from outside"), Target.All, cancellationToken: stoppingToken);
        await sender.SendAsync(new Question("who are you?"), Target.Worker(0), cancellationToken: stoppingToken);

        try
        {
            await sender.RequestAsync(new Crash(), Target.Worker(1), cancellationToken: stoppingToken);
        }
        catch (IpcException e) when (e.Reason == IpcError.NotAllowed)
        {
            Console.WriteLine($"{e.Reason}: {e.Message}");
        }

        if (options.Once)
        {
            await answered.Task.WaitAsync(stoppingToken);
            lifetime.StopApplication();
        }
    }
}
