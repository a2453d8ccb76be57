namespace Ipc.Chaos.Tests;

/// <summary>The judge of the chaos program condemns what breaks a law, and nothing else.</summary>
public sealed class JudgeTests : IDisposable
{
    private readonly Ledgers _ledgers = new();

    public void Dispose() => _ledgers.Dispose();

    [Fact]
    public void What_is_accepted_and_handled_once_breaks_no_law()
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", "task/0").Handled("task-0-1", 1.1, "quick 1", "worker/0#1");

        Assert.Empty(_ledgers.BrokenLaws());
    }

    [Fact]
    public void A_call_before_the_start_of_the_cluster_waits_for_it_and_then_as_long_as_a_send_may()
    {
        _ledgers.Line("supervisor", 'B', 0, "quick 1 supervisor").Line("supervisor", 'U', 55, "").Line("supervisor", 'A', 60, "quick 1")
            .Handled("supervisor", 60, "quick 1", "supervisor");

        Assert.Empty(_ledgers.BrokenLaws());
    }

    [Theory]
    [InlineData(55, 70)]
    [InlineData(250, 195)]
    public void A_call_that_waits_longer_than_the_start_and_its_own_time_breaks_law_1(double up, double accepted)
    {
        _ledgers.Line("supervisor", 'B', 0, "quick 1 supervisor").Line("supervisor", 'A', accepted, "quick 1").Line("supervisor", 'U', up, "")
            .Handled("supervisor", accepted, "quick 1", "supervisor");

        Assert.Equal([1], _ledgers.BrokenLaws());
    }

    [Fact]
    public void A_call_after_the_start_has_only_its_own_time()
    {
        _ledgers.Line("supervisor", 'U', 1, "").Line("supervisor", 'B', 2, "quick 1 supervisor").Line("supervisor", 'A', 12, "quick 1")
            .Handled("supervisor", 12, "quick 1", "supervisor");

        Assert.Equal([1], _ledgers.BrokenLaws());
    }

    [Fact]
    public void A_call_that_comes_to_no_end_breaks_law_1()
    {
        _ledgers.Line("worker-0-1", 'B', 1, "quick 1 task/0");

        Assert.Equal([1], _ledgers.BrokenLaws());
    }

    [Fact]
    public void What_is_accepted_and_neither_handled_nor_reported_breaks_law_1()
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", "task/0").Line("task-0-1", 'H', 1, "").Killed("task-0-1");

        Assert.Equal([1], _ledgers.BrokenLaws());
    }

    [Fact]
    public void What_ran_when_its_process_was_killed_and_is_reported_lost_breaks_no_law()
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", "task/0").Line("task-0-1", 'S', 1, "quick 1 worker/0#1 1").Killed("task-0-1").Lost(new(1, "task/0#1", "worker/0#1", "quick"));

        Assert.Empty(_ledgers.BrokenLaws());
    }

    [Fact]
    public void What_is_handled_twice_without_a_delivery_count_breaks_law_2()
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", "task/0").Handled("task-0-1", 1, "quick 1", "worker/0#1").Killed("task-0-1").Handled("task-0-2", 2, "quick 1", "worker/0#1");

        Assert.Equal([2], _ledgers.BrokenLaws());
    }

    [Fact]
    public void A_worker_that_is_replaced_and_that_nobody_killed_breaks_law_3()
    {
        _ledgers.Line("task-0-1", 'H', 1, "").Line("task-0-2", 'H', 2, "");

        Assert.Equal([3], _ledgers.BrokenLaws());
    }

    [Fact]
    public void Two_incarnations_at_once_break_law_4()
    {
        _ledgers.Line("task-0-1", 'H', 1, "").Line("task-0-2", 'H', 2, "").Line("task-0-1", 'Q', 3, "").Killed("task-0-1");

        Assert.Equal([4], _ledgers.BrokenLaws());
    }

    [Fact]
    public void Another_order_than_that_of_awaited_calls_breaks_law_5()
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", "task/0").Accepted("worker-0-1", 2, "quick 2", "task/0")
            .Handled("task-0-1", 3, "quick 2", "worker/0#1").Handled("task-0-1", 3, "quick 1", "worker/0#1");

        Assert.Equal([5], _ledgers.BrokenLaws());
    }

    [Theory]
    [InlineData("task/1")]
    [InlineData("any:task")]
    public void Nobody_answers_for_what_may_have_been_in_a_lane_of_the_broken_peer(string target)
    {
        _ledgers.Accepted("worker-0-1", 1, "quick 1", target).Line("worker-0-1", 'B', 2, $"ask 1 {target}").Line("worker-0-1", 'F', 2, "ask 1 PeerGone is broken")
            .Line("task-1-1", 'H', 1, "").Line("task-1-2", 'H', 3, "").Handled("worker-1-1", 2, "quick 77", "task/1#1").Lost(new(3, "task/1#1", "worker/0#1", "quick"));

        Assert.Empty(_ledgers.BrokenLaws(garbler: "task/1"));
    }

    [Fact]
    public void A_message_to_all_that_misses_the_broken_peer_reaches_everybody_else()
    {
        _ledgers.Line("worker-0-1", 'B', 1, "quick 1 all").Line("worker-0-1", 'P', 1, "quick 1 task/1 PeerGone");
        foreach (string member in (string[])["worker-0-1", "worker-1-1", "worker-2-1"])
        {
            _ledgers.Handled(member, 2, "quick 1", "worker/0#1");
        }

        Assert.Equal([1, 2], _ledgers.BrokenLaws(garbler: "task/1")); // task/0 has not got it, and nobody was killed
        _ledgers.Handled("task-0-1", 2, "quick 1", "worker/0#1");
        Assert.Empty(_ledgers.BrokenLaws(garbler: "task/1"));
    }

    [Theory]
    [InlineData("worker/1", "PeerGone")]
    [InlineData("any:worker", "BadMessage")]
    public void Others_answer_to_each_other_as_if_the_broken_peer_were_not_there(string target, string reason)
    {
        _ledgers.Line("worker-0-1", 'B', 2, $"ask 1 {target}").Line("worker-0-1", 'F', 2, $"ask 1 {reason} because");

        Assert.Equal([2], _ledgers.BrokenLaws(garbler: "task/1"));
    }
}
