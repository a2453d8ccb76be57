using Xunit;
using Xunit.Abstractions;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>What telling about messages costs in memory: nothing where nobody listens.</summary>
[Collection(nameof(Alone))]
public sealed class TelemetryCostTests(ITestOutputHelper output)
{
    private const int Warm = 200;
    private const int Messages = 600;
#if DEBUG
    private const int Boxing = 24; // code that is not optimised boxes a struct to see that it is not null
#else
    private const int Boxing = 0;
#endif
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
                long allocated = 0;
                for (int i = 1; i <= Messages; i++)
                {
                    long before = GC.GetAllocatedBytesForCurrentThread();
                    ValueTask sent = cluster.Sender.SendAsync(new Probe(i), target);
                    bool atOnce = sent.IsCompletedSuccessfully;
                    allocated += i > Warm && atOnce ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
                    Assert.True(atOnce || i == 1);
                    Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref arrived) == i, Patience));
                }

                return allocated;
            },
            TaskCreationOptions.LongRunning);
        Assert.InRange(pairs, Messages / 4, Messages);
        return (((double)sending / (Messages - Warm)) - Boxing, (double)handling / pairs);
    }
}
