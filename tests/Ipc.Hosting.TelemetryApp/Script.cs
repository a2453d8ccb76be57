using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Metrics;

namespace Ipc.Hosting.TelemetryApp;

/// <summary>What the supervisor does: an order, a refusal, a message whose worker is killed before it comes to it.</summary>
internal sealed class Script(IMessageSender sender, SeenNumbers seen, ExportFile file, MeterProvider meters, IHostApplicationLifetime lifetime) : BackgroundService
{
    public static ActivitySource Source { get; } = new("shop");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // All workers are ready then, and so is their telemetry.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        using (Source.StartActivity("checkout"))
        {
            await sender.RequestAsync(new Order(1), Target.Worker(0), cancellationToken: stoppingToken);
            await seen[1].Task.WaitAsync(stoppingToken);
        }

        try
        {
            await sender.RequestAsync(new Refused(), Target.Worker(0), cancellationToken: stoppingToken);
        }
        catch (RemoteException)
        {
            // As it should be.
        }

        await sender.SendAsync(new Placed(2, Busy: true), Target.Worker(1), cancellationToken: stoppingToken);
        int victim = await seen[-2].Task.WaitAsync(stoppingToken);
        using (Source.StartActivity("later"))
        {
            await sender.SendAsync(new Placed(3, Busy: false), Target.Worker(1), cancellationToken: stoppingToken);
        }

        // Behind it in the same inbox: when this one is answered, the other one has been taken and waits for its turn.
        await sender.RequestAsync(new Price(4), Target.Worker(1), cancellationToken: stoppingToken);
        await file.WaitForAsync(victim, ["process shop.price", "process shop.placed"], stoppingToken);
        Process.GetProcessById(victim).Kill();
        int successor = await seen[3].Task.WaitAsync(stoppingToken);
        while (await sender.RequestAsync(new Price(5), Target.Any(), cancellationToken: stoppingToken) != successor)
        {
            await Task.Delay(20, stoppingToken); // until the successor is one of those that are ready
        }

        file.Write("killed", $"{victim} {successor}");
        meters.ForceFlush();
        lifetime.StopApplication();
    }
}
