using System.Diagnostics.Metrics;
using Ipc.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>Who listens to the counters may fail; who counts may not.</summary>
public sealed class IpcMetricsTests
{
    [Fact]
    public void A_meter_listener_that_throws_stops_nobody_who_counts()
    {
        using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory factory = services.GetRequiredService<IMeterFactory>();
        int calls = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter.Scope, factory))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
        {
            calls++;
            throw new InvalidOperationException("It failed.");
        });
        listener.Start();
        var metrics = new IpcMetrics(factory, PeerId.Worker("worker", 1, 1));

        metrics.LateAnswer();
        metrics.StreamBuffered(1);
        metrics.LateStreamFrame();
        metrics.Undeliverable("x");
        metrics.DeadLettered(DeadLetterReason.MaxDeliveries, "act");
        metrics.Lost(1, PeerId.Worker("worker", 0, 1));

        Assert.Equal(6, calls);
    }
}
