using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>Listeners that wait for an answer with <c>AsTask().Wait()</c> on the thread that reads the rings.</summary>
public sealed class BlockingListenerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Waiting_for_an_answer_inside_a_listener_costs_one_hand_over_and_the_worker_goes_on()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        await WarmAsync(cluster, 0);
        long before = cluster.HandOvers(0);

        Task<string> blocked = cluster.Sender.RequestAsync(new BlockOn([1], "x"), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(Patience);
        Assert.Equal(4, (await cluster.Sender.RequestAsync(new Double(2), Target.Worker(0)).AsTask().WaitAsync(Patience)).Number);
        cluster.Gates.Release.SetResult();

        Assert.Equal("done x", await blocked.WaitAsync(Patience));
        // One for the listener that blocks; at most one more for the other, should it be stopped inside its code.
        Assert.InRange(cluster.HandOvers(0) - before, 1, 2);
    }

    [Fact]
    public async Task Nested_waits_in_both_directions_do_not_deadlock()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        await WarmAsync(cluster, 0);
        await WarmAsync(cluster, 1);

        Task<string> there = cluster.Sender.RequestAsync(new BlockOn([1, 0, 1, 0, 1], "there"), Target.Worker(0)).AsTask();
        Task<string> back = cluster.Sender.RequestAsync(new BlockOn([0, 1, 0, 1, 0], "back"), Target.Worker(1)).AsTask();
        await cluster.Recorder.WaitForAsync(2);
        Assert.Equal(4, (await cluster.Sender.RequestAsync(new Double(2), Target.Worker(0)).AsTask().WaitAsync(Patience)).Number);
        cluster.Gates.Release.SetResult();

        Assert.Equal(["done there", "done back"], await Task.WhenAll(there, back).WaitAsync(Patience));
    }

    [Fact]
    public async Task Thirty_two_workers_that_all_wait_inside_a_listener_at_once_do_not_deadlock()
    {
        const int Workers = 32;
        await using RingCluster cluster = await RingCluster.StartAsync(Workers, configure: o => o.RingSize = 64 << 10);
        for (int i = 0; i < Workers; i++)
        {
            await WarmAsync(cluster, i);
        }

        Task<string>[] all = [.. Enumerable.Range(0, Workers).Select(
            i => cluster.Sender.RequestAsync(new BlockOn([(i + 1) % Workers], $"{i}"), Target.Worker(i), new RequestOptions { Timeout = Patience }).AsTask())];
        await cluster.Recorder.WaitForAsync(Workers);
        Assert.All(all, t => Assert.False(t.IsCompleted));
        cluster.Gates.Release.SetResult();

        Assert.Equal(Enumerable.Range(0, Workers).Select(i => $"done {i}"), await Task.WhenAll(all).WaitAsync(Patience));
    }

    /// <summary>A singleton is made on the pool; from then on it runs inline.</summary>
    private static async Task WarmAsync(RingCluster cluster, int worker)
    {
        await cluster.Sender.RequestAsync(new Double(1), Target.Worker(worker));
        await cluster.Sender.RequestAsync(new BlockOn([], ""), Target.Worker(worker));
    }
}
