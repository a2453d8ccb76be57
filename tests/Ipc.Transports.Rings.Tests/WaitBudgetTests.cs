using Ipc.Transports.Rings;
using Xunit;

namespace Ipc.Transports.Rings.Tests;

/// <summary>How often a thread looks before it sleeps.</summary>
public sealed class WaitBudgetTests
{
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(7, 0, 7)]
    [InlineData(0, 9, 9)]
    [InlineData(7, 9, 16)]
    public void It_looks_as_often_as_both_budgets_say(int pauses, int yields, int looks)
    {
        var looked = new Counter();

        Assert.False(new AdaptiveSpin(pauses, yields).TryWait(looked, static l => ++l.Count < 0));

        Assert.InRange(looked.Count, Math.Min(looks, pauses + 2), looks); // a slow yield ends it early
        Assert.Equal(looks != 0, looked.Count != 0);
    }

    [Fact]
    public void What_the_cluster_says_wins_and_the_defaults_follow_the_processors()
    {
        RingLoopOptions own = RingLoopOptions.From(new TransportLimits());
        Assert.Equal(ProcessorQuota.AllowsSpinning ? (50, 200) : (0, 0), (own.SpinBudget, own.YieldBudget));
        Assert.Equal(ProcessorQuota.AllowsSpinning, own.Looks);

        RingLoopOptions none = RingLoopOptions.From(new TransportLimits { SpinBudget = 0, YieldBudget = 0 });
        Assert.Equal((0, 0), (none.SpinBudget, none.YieldBudget));
        Assert.False(none.Looks);
        Assert.True(RingLoopOptions.From(new TransportLimits { SpinBudget = 1, YieldBudget = 0 }).Looks);
    }

    private sealed class Counter
    {
        public int Count { get; set; }
    }
}
