using System.Diagnostics;
using Ipc.Benchmarks.Measuring;
using Ipc.Benchmarks.Reporting;

namespace Ipc.Benchmarks.Comparison;

/// <summary>Measures every row in turn, round after round, and shows the medians.</summary>
internal static class CompareCommand
{
    public static async Task<int> RunAsync(CompareOptions options)
    {
        Plan plan = Plan.Of(options);
        List<Measurement> measurements = await MeasureAsync(plan);
        RowSummary[] rows = RowSummary.Of(measurements);
        if (options.IsJson)
        {
            foreach (RowSummary row in rows)
            {
                Console.WriteLine(row.ToJson());
            }
        }
        else
        {
            Console.Write(ResultsPage.Body(rows, plan.Rounds));
        }

        if (!options.IsQuick)
        {
            await ResultsPage.WriteAsync(rows, measurements, plan.Rounds);
        }

        Measurement[] bad = [.. measurements.Where(m => m.Lost != 0 || m.OutOfOrder != 0)];
        foreach (Measurement m in bad)
        {
            Console.Error.WriteLine($"round {m.Round}: {m.Row}, {m.Size} bytes, depth {m.Depth}: of {m.Messages} messages {m.Lost} lost, {m.OutOfOrder} out of order or changed");
        }

        return bad.Length == 0 ? 0 : 1;
    }

    private static async Task<List<Measurement>> MeasureAsync(Plan plan)
    {
        var measurements = new List<Measurement>();
        long begin = Stopwatch.GetTimestamp();
        using Sessions sessions = await Sessions.StartAsync();
        using var crowd = new Crowd();
        Progress("all processes run");
        foreach (Cell cell in plan.WarmUp())
        {
            await sessions.Of(cell.Row).MeasureAsync(cell);
        }

        Progress("warm");
        for (int round = 1; round <= plan.Rounds; round++)
        {
            foreach (Cell cell in plan.Round())
            {
                crowd.Set(Rows.IsCrowded(cell.Row));
                measurements.Add(await sessions.Of(cell.Row).MeasureAsync(cell) with { Round = round });
            }

            Progress($"round {round} of {plan.Rounds}");
        }

        return measurements;

        void Progress(string what) => Console.Error.WriteLine($"{Stopwatch.GetElapsedTime(begin).TotalSeconds,5:F1} s: {what}");
    }
}
