using Ipc.Hosting.Tests.Support;
using Ipc.Supervision;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>When a worker that has ended is started again, by a clock that the test moves.</summary>
public sealed class RestartPolicyTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void A_worker_is_started_again_five_times_in_a_minute_and_not_a_sixth_time()
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions());

        for (int i = 0; i < 5; i++)
        {
            Assert.NotNull(policy.NextDelay(null));
            _time.Advance(TimeSpan.FromSeconds(11.9));
        }

        Assert.Null(policy.NextDelay(null));
    }

    [Fact]
    public void The_window_slides_so_that_the_oldest_restart_is_forgotten_after_a_minute()
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions());
        for (int i = 0; i < 5; i++)
        {
            Assert.NotNull(policy.NextDelay(null));
            _time.Advance(TimeSpan.FromSeconds(12));
        }

        Assert.NotNull(policy.NextDelay(null)); // the first one is a minute ago
        Assert.Null(policy.NextDelay(null));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Who_dies_some_seconds_after_each_start_does_not_escape_the_limit(int livesSeconds)
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions());
        int starts = 0;
        TimeSpan? delay;
        do
        {
            _time.Advance(TimeSpan.FromSeconds(livesSeconds));
            delay = policy.NextDelay(TimeSpan.FromSeconds(livesSeconds));
            _time.Advance(delay ?? TimeSpan.Zero);
        }
        while (delay is not null && ++starts < 100);

        Assert.Equal(5, starts);
    }

    [Fact]
    public void The_wait_doubles_from_the_least_to_the_most()
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions { Limit = 100, MaxDelay = TimeSpan.FromSeconds(1.25) });

        double[] waits = [.. Enumerable.Range(0, 6).Select(_ => policy.NextDelay(null)!.Value.TotalSeconds)];

        Assert.Equal([0.1, 0.2, 0.4, 0.8, 1, 1], waits.Select(w => Math.Round(w, 6)));
    }

    [Theory]
    [InlineData(0.0, 0.1, 24.0)]
    [InlineData(0.999999, 0.125, 30.0)]
    public void Chance_adds_up_to_a_quarter_and_the_bounds_hold(double chance, double first, double last)
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions { Limit = 10_000 }, chance);
        var waits = new List<double>();
        for (int i = 0; i < 200; i++)
        {
            waits.Add(policy.NextDelay(null)!.Value.TotalSeconds);
        }

        Assert.Equal(first, waits[0], 4);
        Assert.Equal(last, waits[^1], 4);
        Assert.All(waits, wait => Assert.InRange(wait, 0.1, 30));
    }

    [Fact]
    public void A_worker_that_was_ready_for_the_stable_time_begins_with_the_least_wait_again()
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions { Limit = 100 });
        policy.NextDelay(null);
        policy.NextDelay(null);

        Assert.Equal(0.4, policy.NextDelay(TimeSpan.FromSeconds(59.9))!.Value.TotalSeconds, 6);
        Assert.Equal(0.1, policy.NextDelay(TimeSpan.FromSeconds(60))!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void A_worker_that_was_never_ready_is_not_sound_whatever_the_stable_time()
    {
        RestartPolicy policy = NewPolicy(new IpcRestartOptions { StableTime = TimeSpan.Zero });

        Assert.Equal(0.1, policy.NextDelay(null)!.Value.TotalSeconds, 6);
        Assert.Equal(0.2, policy.NextDelay(null)!.Value.TotalSeconds, 6);
        Assert.Equal(0.1, policy.NextDelay(TimeSpan.Zero)!.Value.TotalSeconds, 6);
    }

    [Fact]
    public void A_limit_of_zero_starts_nothing_again()
    {
        Assert.Null(NewPolicy(new IpcRestartOptions { Limit = 0 }).NextDelay(TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Equal_bounds_wait_that_time_whatever_the_chance()
    {
        RestartPolicy policy = NewPolicy(
            new IpcRestartOptions { MinDelay = TimeSpan.FromSeconds(1), MaxDelay = TimeSpan.FromSeconds(1) }, chance: 0.9);

        Assert.Equal(TimeSpan.FromSeconds(1), policy.NextDelay(null));
        Assert.Equal(TimeSpan.FromSeconds(1), policy.NextDelay(null));
    }

    private RestartPolicy NewPolicy(IpcRestartOptions options, double chance = 0) => new(options, _time, new FixedChance(chance));
}
