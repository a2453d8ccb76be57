using System.Globalization;

namespace Ipc.Benchmarks.Reporting;

/// <summary>One line of what is to be reached, as this run answers it.</summary>
/// <param name="What">In words.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Bound">What it must be at least, or at most.</param>
/// <param name="IsAtLeast">Which of the two.</param>
internal sealed record Goal(string What, double Value, double Bound, bool IsAtLeast)
{
    /// <summary>Whether it was reached.</summary>
    public bool IsMet => IsAtLeast ? Value >= Bound : Value <= Bound;

    /// <summary>A row of a table.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"| {What} | {(IsAtLeast ? "at least" : "at most")} {Bound:0.###} | {Value:0.###} | {(IsMet ? "yes" : "**no**")} |");
}
