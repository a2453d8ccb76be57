using System.Diagnostics.Metrics;
using Xunit;
using Xunit.Abstractions;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>What telling about messages costs in memory: nothing where nobody listens.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryCostTests(ITestOutputHelper output)
{
    private const int Warm = 200;
    private const int Messages = 600;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Where_nobody_listens_and_nothing_is_traced_a_message_allocates_nothing_in_its_sender_and_nothing_in_its_listeners_process()
    {
        (double sending, double handling) = await MeasureAsync();
        Assert.Equal((0, 0), (sending, handling));
    }

    [Fact]
    public async Task A_traced_message_allocates_its_two_activities_and_little_else()
    {
        using var log = new ActivityLog();
        (double sending, double handling) = await MeasureAsync();
        output.WriteLine($"traced: {sending:0} bytes in the sender, {handling:0} bytes where it is handled");
        Assert.InRange(sending, 1, 3000);
        Assert.InRange(handling, 1, 3000);
    }

    [Fact]
    public async Task A_measured_message_allocates_nothing_where_code_is_optimised()
    {
        using var listener = new MeterListener();
        long seen = 0;
        listener.InstrumentPublished = static (instrument, self) =>
        {
            if (instrument.Meter.Name == IpcDiagnostics.MeterName && !instrument.IsObservable)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, _, _, _) => seen++);
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => seen++);
        listener.Start();

        (double sending, double handling) = await MeasureAsync();

        output.WriteLine($"measured: {sending:0} bytes in the sender, {handling:0} bytes where it is handled");
        Assert.InRange(Volatile.Read(ref seen), 5 * Messages / 2, long.MaxValue); // of each: sent, sending, queue, consumed, processing; two threads count without a lock
#if DEBUG
        Assert.InRange(sending, 0, 500); // an async method that ends at once costs an object in code that is not optimised
#else
        Assert.Equal(0, sending);
#endif
        Assert.Equal(0, handling);
    }

    /// <summary>Bytes per message of two threads: the one that sends, and the one that reads and runs the listener.</summary>
    private static async Task<(double Sending, double Handling)> MeasureAsync()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        (int Number, int Thread, long Allocated) last = default;
        int pairs = 0;
        long handling = 0;
        int arrived = 0;
        cluster.Gates.OnProbe = (probe, _) =>
        {
            (int Number, int Thread, long Allocated) now = (probe.Number, Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            if (now.Number > Warm && now.Thread == last.Thread)
            {
                pairs++; // those around a hand-over are on two threads
                handling += now.Allocated - last.Allocated;
            }

            last = now;
            Volatile.Write(ref arrived, probe.Number);
            return default;
        };
        long sending = await Task.Factory.StartNew(
            () =>
            {
                Target target = Target.Worker(0);
                for (int i = 1; i <= Messages; i++)
                {
                    Assert.True(cluster.Sender.SendAsync(new Probe(i), target).AsTask().Wait(Patience));
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref arrived) == i, Patience));
                }

                // An object: code that is not optimised boxes a struct to see that it is not null.
                var note = new Note("x");
                long allocated = 0;
                for (int i = 1; i <= Messages; i++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    ValueTask sent = cluster.Sender.SendAsync(note, target);
                    bool atOnce = sent.IsCompletedSuccessfully;
                    allocated += i > Warm ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
                    Assert.True(atOnce);
                }

                return allocated;
            },
            TaskCreationOptions.LongRunning);
        Assert.InRange(pairs, Messages / 4, Messages);
        return ((double)sending / (Messages - Warm), (double)handling / pairs);
    }
}
