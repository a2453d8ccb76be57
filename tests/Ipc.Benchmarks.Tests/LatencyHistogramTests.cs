using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Tests;

/// <summary>Percentiles without keeping the values.</summary>
public sealed class LatencyHistogramTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(1_000)]
    [InlineData(123_456_789)]
    [InlineData(60_000_000_000)]
    public void One_value_is_found_again_within_one_percent(long ticks)
    {
        var histogram = new LatencyHistogram();
        histogram.Add(ticks);

        Assert.InRange(histogram.PerMille(500), ticks * 0.99, ticks * 1.01);
    }

    [Fact]
    public void Percentiles_are_those_of_the_sorted_values()
    {
        var histogram = new LatencyHistogram();
        for (int i = 10_000; i >= 1; i--)
        {
            histogram.Add(i);
        }

        Assert.InRange(histogram.PerMille(500), 4_950, 5_050);
        Assert.InRange(histogram.PerMille(990), 9_801, 9_999);
        Assert.InRange(histogram.PerMille(999), 9_890, 10_090);
        Assert.Equal(10_000, histogram.Count);
    }
}
