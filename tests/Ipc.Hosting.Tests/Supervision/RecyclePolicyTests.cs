using Ipc.Hosting.Tests.Support;
using Ipc.Supervision;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>When a sound worker has done or grown enough.</summary>
public sealed class RecyclePolicyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(0, 60, false)]
    [InlineData(0, 59.9, true)]
    [InlineData(0.5, 62.9, true)]
    [InlineData(0.5, 63, false)]
    public void An_age_is_reached_with_a_tenth_more_by_chance(double chance, double minutes, bool isYoung)
    {
        RecyclePolicy policy = Policy(new IpcRecycleOptions { AfterAge = Hour }, chance);

        policy.Look(TimeSpan.FromMinutes(minutes), memory: long.MaxValue);

        Assert.Equal(isYoung, policy.Reason is null);
    }

    [Fact]
    public void A_size_is_exceeded_with_its_jitter_and_one_that_is_not_known_is_not()
    {
        RecyclePolicy policy = Policy(new IpcRecycleOptions { AboveMemory = 1000, Jitter = 1 }, chance: 0.5);
        policy.Look(Hour, memory: 1500);
        policy.Look(Hour, memory: null);
        Assert.Null(policy.Reason);

        policy.Look(Hour, memory: 1501);

        Assert.Equal("it holds 1,501 bytes of memory", policy.Reason);
    }

    [Fact]
    public void Who_is_due_goes_at_a_quiet_moment_and_at_the_latest_when_the_patience_is_over()
    {
        RecyclePolicy policy = Policy(new IpcRecycleOptions { AfterMessages = 10, Patience = TimeSpan.FromSeconds(20) }, chance: 0);
        Assert.False(policy.MayGo(isQuiet: true));
        policy.Due("it has handled 10 messages");
        Assert.True(policy.MayGo(isQuiet: true));
        _time.Advance(TimeSpan.FromSeconds(19));
        policy.Due("it has handled more"); // does not begin again
        Assert.False(policy.MayGo(isQuiet: false));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(policy.MayGo(isQuiet: false));
        Assert.Equal("it has handled 10 messages", policy.Reason);
    }

    [Fact]
    public void Who_could_not_be_replaced_is_due_again_when_the_patience_is_over_once_more()
    {
        RecyclePolicy policy = Policy(new IpcRecycleOptions { AfterMessages = 10, Patience = TimeSpan.FromSeconds(20) }, chance: 0);
        policy.Due("it has handled 10 messages");
        policy.Postpone();
        Assert.False(policy.MayGo(isQuiet: true));

        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.True(policy.MayGo(isQuiet: true));
    }

    private RecyclePolicy Policy(IpcRecycleOptions options, double chance) => new(options, _time, new FixedChance(chance));
}
