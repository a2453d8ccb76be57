using Ipc.Supervision;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>When a worker hangs, by looks and answers that a test makes up: no clock and no process.</summary>
public sealed class HangPolicyTests
{
    private const int Looks = HangPolicy.LooksPerTimeout;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(Looks);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1); // the interval
    private readonly HangPolicy _policy = new(Limit);

    [Fact]
    public void A_worker_that_answers_is_looked_at_for_ever()
    {
        Assert.Equal(Second, _policy.Interval);
        for (uint i = 1; i <= 1000; i++)
        {
            Assert.Equal(i, _policy.Look(Second, canRun: true));
            _policy.Answer(Pulse(i));
            Assert.Null(_policy.Find());
            Assert.True(_policy.IsAnswering);
        }
    }

    [Fact]
    public void A_call_that_is_the_same_for_the_timeout_is_a_hang_with_its_action()
    {
        Run(3);
        for (uint number = 4; number <= 4 + Looks; number++)
        {
            Assert.Null(_policy.Find());
            _policy.Look(Second, canRun: true);
            _policy.Answer(Pulse(number) with { CallSince = number == 4 ? 0u : 4, Action = "order.placed" });
        }

        Assert.Equal(new HangFinding(HangCause.ListenerBlocked, Limit, "order.placed"), _policy.Find());
        Assert.Equal("a listener to \"order.placed\" has not come to an await or to its end for 4.0 s", _policy.Find()!.Describe());
    }

    [Fact]
    public void Calls_that_return_and_others_that_begin_are_no_hang_however_long_they_go_on()
    {
        for (uint number = 1; number <= 100; number++)
        {
            _policy.Look(Second, canRun: true);
            _policy.Answer(Pulse(number) with { CallSince = number - Math.Min(number - 1, number % (Looks - 1)), Action = "a" });
            Assert.Null(_policy.Find());
        }
    }

    [Fact]
    public void A_pool_that_comes_to_nothing_for_the_timeout_is_a_hang()
    {
        Run(1);
        for (uint number = 2; number <= 2 + Looks; number++)
        {
            Assert.Null(_policy.Find());
            _policy.Look(Second, canRun: true);
            _policy.Answer(Pulse(number) with { PoolWaitsSince = number == 2 ? 0u : 2 });
        }

        Assert.Equal(new HangFinding(HangCause.ThreadPoolStarved, Limit, ""), _policy.Find());
    }

    [Fact]
    public void A_process_that_does_not_answer_is_asked_once_and_hangs_after_the_timeout()
    {
        Run(1);
        Assert.Equal(2u, _policy.Look(Second, canRun: true));
        for (int i = 0; i < Looks; i++)
        {
            Assert.Null(_policy.Find());
            Assert.True(_policy.IsAnswering);
            Assert.Null(_policy.Look(Second, canRun: true));
        }

        Assert.False(_policy.IsAnswering);
        Assert.Equal(new HangFinding(HangCause.NotAnswering, Limit, ""), _policy.Find());
        _policy.Answer(Pulse(1)); // not to this question
        Assert.NotNull(_policy.Find());
        _policy.Answer(Pulse(2));
        Assert.Null(_policy.Find());
        Assert.True(_policy.IsAnswering);
    }

    [Fact]
    public void Time_in_which_the_process_is_stopped_does_not_count_nor_the_look_after_it_and_yet_it_is_no_answer()
    {
        Run(1);
        Assert.Equal(2u, _policy.Look(Second, canRun: true));
        for (int i = 1; i <= 100; i++)
        {
            _policy.Look(Second, canRun: false);
            Assert.Null(_policy.Find());
            Assert.Equal(i < Looks, _policy.IsAnswering);
        }

        _policy.Look(Second, canRun: true); // it goes on somewhere between
        for (int i = 0; i < Looks; i++)
        {
            Assert.Null(_policy.Find());
            _policy.Look(Second, canRun: true);
        }

        Assert.NotNull(_policy.Find());
    }

    [Fact]
    public void Looks_that_come_late_count_for_two_intervals_at_most()
    {
        Run(1);
        _policy.Look(Second, canRun: true);

        for (int i = 0; i < (Looks / 2) - 1; i++)
        {
            _policy.Look(TimeSpan.FromHours(1), canRun: true); // the supervisor itself was stopped
        }

        Assert.Null(_policy.Find());
        Assert.True(_policy.IsAnswering);
        _policy.Look(TimeSpan.FromHours(1), canRun: true);
        Assert.NotNull(_policy.Find());
        Assert.False(_policy.IsAnswering);
    }

    [Fact]
    public void Under_a_debugger_nothing_counts_and_afterwards_it_does_again()
    {
        _policy.Look(Second, canRun: true);
        _policy.Answer(Pulse(1) with { IsDebugged = true });
        _policy.Look(Second, canRun: true);
        for (int i = 0; i < 100; i++)
        {
            _policy.Look(Second, canRun: true); // at a breakpoint: it does not answer
            Assert.Null(_policy.Find());
            Assert.True(_policy.IsAnswering);
        }

        _policy.Answer(Pulse(2));
        for (int i = 0; i < Looks + 1; i++)
        {
            Assert.Null(_policy.Find());
            _policy.Look(Second, canRun: true);
        }

        Assert.NotNull(_policy.Find());
    }

    private static WorkerPulse Pulse(uint number) => new(number, 0, 0, "", IsDebugged: false);

    private void Run(uint looks)
    {
        for (uint i = 1; i <= looks; i++)
        {
            _policy.Look(Second, canRun: true);
            _policy.Answer(Pulse(i));
        }
    }
}
