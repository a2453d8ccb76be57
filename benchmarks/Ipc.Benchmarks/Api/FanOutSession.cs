using System.Diagnostics;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Api;

/// <summary>One message to several workers of one cluster, one way. The time of a message is that of its send.</summary>
internal sealed class FanOutSession : IRowSession
{
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(20);

    private readonly ApiCluster _cluster;

    private FanOutSession(ApiCluster cluster) => _cluster = cluster;

    public static async Task<FanOutSession> StartAsync() => new(await ApiCluster.StartAsync(Rows.FanOutWorkers.Max(), isPipe: false));

    public async Task<Measurement> MeasureAsync(Cell cell)
    {
        int workers = Rows.WorkersOf(cell.Row) ?? throw new ArgumentException($"The row {cell.Row} goes to one worker.", nameof(cell));
        Target target = workers == _cluster.Workers ? Target.All : Target.Workers([.. Enumerable.Range(0, workers)]);
        var traffic = new Traffic();
        await _cluster.AskAsync(workers, resets: true);
        Usage asking = await _cluster.UsageAsync(workers);
        Usage before = await _cluster.UsageAsync(workers);
        asking = before - asking;
        await SendAsync(traffic, cell, target, workers);
        Usage used = await _cluster.UsageAsync(workers) - before - asking;
        WorkerState state = await _cluster.AskAsync(workers);
        return Measurement.Of(cell, traffic, used, state.ProcessId, state.Received, state.OutOfOrder, workers);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private async Task SendAsync(Traffic traffic, Cell cell, Target target, int workers)
    {
        byte[] data = EchoContent.DataOf(cell.Size);
        long last = traffic.Begin(cell.Milliseconds);
        while (last < traffic.Until)
        {
            await _cluster.Sender.SendAsync(new Echo(EchoContent.Id, EchoContent.Amount, traffic.Sent, data), target);
            traffic.Sent++;
            long now = Stopwatch.GetTimestamp();
            traffic.Latencies.Add(now - last);
            last = now;
        }

        long begin = last;
        WorkerState state;
        do
        {
            state = await _cluster.AskAsync(workers);
            traffic.End();
        }
        while (state.Received < traffic.Sent * workers && Stopwatch.GetElapsedTime(begin) < DrainTimeout);
    }
}
