using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ipc.Benchmarks.Api;
using Ipc.Benchmarks.Measuring;
using Microsoft.Extensions.DependencyInjection;

namespace Ipc.Benchmarks.Comparison;

/// <summary>
/// Calls of a contract beside plain requests, and beside the same calls as JSON lines between two Node processes over a Unix socket: each in turn, several rounds, medians.
/// </summary>
internal static class ContractCommand
{
    private const int InFlight = 128;
    private const int WarmUpMilliseconds = 1000;
    private const long Sum = 15;

    private static readonly int[] s_values = [1, 2, 3, 4, 5];

    /// <summary>Measures and prints a line for each comparison.</summary>
    /// <param name="rounds">How often each has its turn.</param>
    /// <param name="milliseconds">How long a turn is.</param>
    public static async Task<int> RunAsync(int rounds, int milliseconds)
    {
        await using ApiCluster cluster = await ApiCluster.StartAsync(
            1, isPipe: false, more: static services => services.AddIpcService<ICalls, Calls>(ServiceLifetime.Singleton).AddIpcProxy<ICalls>(Target.Worker(0)));
        ICalls calls = cluster.Services.GetRequiredService<ICalls>();
        using NodeCalls node = NodeCalls.Start(InFlight);
        Func<ValueTask<long>> call = () => calls.AddAsync(s_values);
        Func<ValueTask<long>> ask = () => cluster.Sender.RequestAsync<Add, long>(new Add(s_values), Target.Worker(0));
        await OneByOneAsync(call, WarmUpMilliseconds);
        await OneByOneAsync(ask, WarmUpMilliseconds);
        await ManyAsync(call, WarmUpMilliseconds);
        await ManyAsync(ask, WarmUpMilliseconds);
        await node.MeasureAsync(WarmUpMilliseconds);

        var (calling, asking, callRates, askRates, nodeRates) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
        for (int round = 0; round < rounds; round++)
        {
            calling.Add(await OneByOneAsync(call, milliseconds));
            asking.Add(await OneByOneAsync(ask, milliseconds));
            callRates.Add(await ManyAsync(call, milliseconds));
            askRates.Add(await ManyAsync(ask, milliseconds));
            nodeRates.Add(await node.MeasureAsync(milliseconds));
        }

        int worker = (await cluster.AskAsync(1)).ProcessId;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"process {Environment.ProcessId} asks process {worker}; Node {node.Version}, processes {node.ProcessId} and {node.ServerId}; {rounds} rounds of {milliseconds} ms, medians"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one by one, p50: contract {Median(calling):0.00} us, request {Median(asking):0.00} us, ratio {Ratio(calling, asking):0.00} (at most 1.2)"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{InFlight} in flight: contract {Median(callRates):0} calls/s, request {Median(askRates):0}/s, Node JSON lines {Median(nodeRates):0}/s, ratio to Node {Ratio(callRates, nodeRates):0.0} (at least 5)"));
        return 0;
    }

    /// <returns>The median time of a call in microseconds.</returns>
    private static async Task<double> OneByOneAsync(Func<ValueTask<long>> call, int milliseconds)
    {
        var latencies = new LatencyHistogram();
        long last = Stopwatch.GetTimestamp();
        long until = last + (Stopwatch.Frequency * milliseconds / 1000);
        while (last < until)
        {
            Check(await call());
            long now = Stopwatch.GetTimestamp();
            latencies.Add(now - last);
            last = now;
        }

        return latencies.PerMille(500) * 1e6 / Stopwatch.Frequency;
    }

    /// <returns>Calls a second with so many under way.</returns>
    [SuppressMessage("Reliability", "CA2012:Use ValueTasks correctly", Justification = "Each is awaited once, before its slot is used again.")]
    private static async Task<double> ManyAsync(Func<ValueTask<long>> call, int milliseconds)
    {
        var under = new ValueTask<long>[InFlight];
        long begin = Stopwatch.GetTimestamp();
        long until = begin + (Stopwatch.Frequency * milliseconds / 1000);
        long sent = 0;
        long answered = 0;
        while (answered < sent || Stopwatch.GetTimestamp() < until)
        {
            while (sent - answered < InFlight && Stopwatch.GetTimestamp() < until)
            {
                under[sent++ % InFlight] = call();
            }

            if (answered < sent)
            {
                Check(await under[answered++ % InFlight]);
            }
        }

        return answered / Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static void Check(long answer)
    {
        if (answer != Sum)
        {
            throw new InvalidOperationException($"1 + 2 + 3 + 4 + 5 is {answer}, says the other process.");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>The median of the rounds' ratios: both of a round have seen the same mood of the machine.</summary>
    private static double Ratio(List<double> ours, List<double> theirs) => Median([.. ours.Zip(theirs, static (a, b) => a / b)]);
}
