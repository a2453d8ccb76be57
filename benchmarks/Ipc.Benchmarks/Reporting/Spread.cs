using System.Globalization;

namespace Ipc.Benchmarks.Reporting;

/// <summary>The median of some rounds, with the least and the most.</summary>
internal sealed record Spread(double Median, double Min, double Max)
{
    /// <summary>Of the values that there are; <see langword="null"/> when there are none.</summary>
    public static Spread? Of(IEnumerable<double?> values)
    {
        double[] sorted = [.. values.OfType<double>().Order()];
        return sorted.Length == 0 ? null : new Spread((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2, sorted[0], sorted[^1]);
    }

    /// <summary>For a table.</summary>
    /// <param name="format">Of each number.</param>
    public string ToString(string format) => $"{Text(Median, format)} ({Text(Min, format)} to {Text(Max, format)})";

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
