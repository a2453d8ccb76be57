using System.Text.Json;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Reporting;

/// <summary>All rounds of one row at one size and depth, and how it compares with the raw rows beside it.</summary>
internal sealed record RowSummary
{
    public required string Row { get; init; }

    public required int Size { get; init; }

    public required int Depth { get; init; }

    /// <summary>The rounds, in order.</summary>
    public required Measurement[] Rounds { get; init; }

    public Spread? P50 => Of(m => m.P50);

    public Spread? P99 => Of(m => m.P99);

    public Spread? P999 => Of(m => m.P999);

    public Spread? Rate => Of(m => m.Rate);

    public Spread? Gigabytes => Of(m => m.Gigabytes);

    public Spread? Cpu => Of(m => m.Cpu);

    public Spread? Allocated => Of(m => m.Allocated);

    /// <summary>Lost, out of order or changed, in all rounds.</summary>
    public long Lost => Rounds.Sum(m => m.Lost + m.OutOfOrder);

    /// <summary>The row's median round trip as a multiple of the raw ring's that waits in the same way; one way its rate as a part of that one's.</summary>
    public double? RatioToRawRing { get; private init; }

    /// <summary>How many times the row's median round trip goes into the raw pipe's; one way its rate as a multiple of that one's.</summary>
    public double? RatioToRawPipe { get; private init; }

    /// <summary>Puts the rounds of each row together, in the order of the rows.</summary>
    public static RowSummary[] Of(IEnumerable<Measurement> measurements)
    {
        Dictionary<(string Row, int Size, int Depth), RowSummary> summaries = measurements
            .GroupBy(m => (m.Row, m.Size, m.Depth))
            .ToDictionary(g => g.Key, g => new RowSummary { Row = g.Key.Row, Size = g.Key.Size, Depth = g.Key.Depth, Rounds = [.. g] });
        return
        [
            .. from summary in summaries.Values
               orderby Array.IndexOf(Rows.All, summary.Row), summary.Size, summary.Depth
               let ring = summaries.GetValueOrDefault((Rows.RawRingOf(summary.Row), summary.Size, summary.Depth))
               let pipe = summaries.GetValueOrDefault((Rows.RawPipe, summary.Size, summary.Depth))
               select summary with
               {
                   RatioToRawRing = summary.Depth == 0 ? Divide(summary.Rate, ring?.Rate) : Divide(summary.P50, ring?.P50),
                   RatioToRawPipe = summary.Depth == 0 ? Divide(summary.Rate, pipe?.Rate) : Divide(pipe?.P50, summary.P50),
               },
        ];
    }

    /// <summary>One line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(
        new ResultRow(
            Row, Size, Depth, Round(P50), Round(P99), Round(P999), Round(Rate), Round(Gigabytes), Round(Cpu) ?? 0, Round(Allocated) ?? 0, Lost, RatioToRawRing, RatioToRawPipe),
        ReportingJson.Default.ResultRow);

    private static double? Round(Spread? spread) => spread is null ? null : Math.Round(spread.Median, 6);

    private static double? Divide(Spread? left, Spread? right) => left is null || right is null ? null : Math.Round(left.Median / right.Median, 4);

    private Spread? Of(Func<Measurement, double?> value) => Spread.Of(Rounds.Select(value));
}
