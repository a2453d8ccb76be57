using Ipc.Benchmarks.Comparison;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Tests;

/// <summary>What a comparison measures, and for how long.</summary>
public sealed class PlanTests
{
    [Theory]
    [InlineData(true, 2, new[] { 256, 65_536 })]
    [InlineData(false, 5, new[] { 16, 256, 4_096, 65_536, 1_048_576 })]
    public void Every_row_has_its_turn_at_every_size_and_depth(bool quick, int rounds, int[] sizes)
    {
        Plan plan = Plan.Of(new CompareOptions(IsJson: false, quick));
        Cell[] cells = [.. plan.Round()];

        Assert.Equal(rounds, plan.Rounds);
        Assert.Equal(cells.Length, cells.DistinctBy(cell => (cell.Row, cell.Size, cell.Depth)).Count());
        Assert.Equal(Rows.All.Order(StringComparer.Ordinal), cells.Select(cell => cell.Row).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.All(Rows.Exchanges, row => Assert.Equal(
            from size in sizes from depth in new[] { 0, 1, 64 } select (size, depth),
            from cell in cells where cell.Row == row orderby cell.Size, cell.Depth select (cell.Size, cell.Depth)));
    }

    [Fact]
    public void Competitors_of_a_size_and_depth_follow_each_other()
    {
        Cell[] cells = [.. Plan.Of(new CompareOptions(IsJson: false, IsQuick: true)).Round()];

        string[] first = [.. cells.Take(Rows.Exchanges.Length).Select(cell => cell.Row)];

        Assert.Equal(Rows.Exchanges, first);
        Assert.Single(cells.Take(Rows.Exchanges.Length).Select(cell => (cell.Size, cell.Depth)).Distinct());
    }

    [Fact]
    public void A_quick_comparison_leaves_time_to_start_and_to_report()
    {
        Plan plan = Plan.Of(new CompareOptions(IsJson: true, IsQuick: true));

        int milliseconds = (plan.Rounds * plan.Round().Sum(cell => cell.Milliseconds)) + plan.WarmUp().Sum(cell => cell.Milliseconds);

        Assert.InRange(milliseconds, 1, 30_000);
    }
}
