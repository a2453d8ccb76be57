using System.Diagnostics;
using System.Globalization;
using Ipc.Benchmarks.Api;

namespace Ipc.Benchmarks.Comparison;

/// <summary>How long after kill -9 of a worker its successor handles the next message: that is sent at once, and waits in the inbox.</summary>
internal static class TakeoverCommand
{
    // A standby that was taken is replaced by another, which has to start.
    private static readonly TimeSpan UntilPrepared = TimeSpan.FromSeconds(2);

    /// <summary>Measures and prints one line.</summary>
    /// <param name="standbys">How many standbys there are.</param>
    /// <param name="megabytes">What the worker holds when it is killed.</param>
    /// <param name="times">How often.</param>
    public static async Task<int> RunAsync(int standbys, int megabytes, int times)
    {
        await using ApiCluster cluster = await ApiCluster.StartAsync(1, isPipe: false, o =>
        {
            o.Workers.Standby = standbys;
            o.Workers.Restart.Limit = 10_000;
            o.Workers.Restart.MaxDelay = o.Workers.Restart.MinDelay;
        });
        var milliseconds = new List<double>();
        for (int i = 0; i < times; i++)
        {
            await Task.Delay(UntilPrepared);
            int first = await cluster.Sender.RequestAsync<HoldMemory, int>(new HoldMemory(megabytes), Target.Worker(0));
            using Process worker = Process.GetProcessById(first);
            var watch = Stopwatch.StartNew();
            worker.Kill();
            int second = await cluster.Sender.RequestAsync<HoldMemory, int>(new HoldMemory(0), Target.Worker(0));
            milliseconds.Add(watch.Elapsed.TotalMilliseconds);
            if (first == second)
            {
                Console.Error.WriteLine($"process {first} answered after it was killed");
                return 1;
            }
        }

        milliseconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"kill -9 to the next answer, {standbys} standby, {megabytes} MiB held, {times} times: median {milliseconds[times / 2]:0.0} ms, {milliseconds[0]:0.0} to {milliseconds[^1]:0.0} ms"));
        return 0;
    }
}
