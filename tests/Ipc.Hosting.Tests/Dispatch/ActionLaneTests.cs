using Ipc.Dispatch;
using Xunit;

namespace Ipc.Hosting.Tests.Dispatch;

/// <summary>One message at a time, in order, whoever queues and whoever ends.</summary>
public sealed class ActionLaneTests
{
    [Fact]
    public void A_free_lane_is_entered_once()
    {
        ActionLane lane = Make();

        Assert.True(lane.TryEnter());
        Assert.False(lane.TryEnter());
        Assert.Null(lane.Next());
        Assert.True(lane.TryEnter());
    }

    [Fact]
    public void What_waits_comes_in_order_and_nobody_enters_before_it()
    {
        ActionLane lane = Make();
        MessageRun[] runs = [new(null!), new(null!), new(null!)];
        Assert.True(lane.TryEnter());
        Assert.False(lane.Enqueue(runs[0]));
        Assert.False(lane.Enqueue(runs[1]));

        Assert.Same(runs[0], lane.Next());
        Assert.False(lane.TryEnter());
        Assert.False(lane.Enqueue(runs[2]));
        Assert.Same(runs[1], lane.Next());
        Assert.Same(runs[2], lane.Next());
        Assert.Null(lane.Next());
        Assert.True(lane.TryEnter());
    }

    [Fact]
    public void Who_queues_at_a_free_lane_has_it()
    {
        ActionLane lane = Make();
        var run = new MessageRun(null!);

        Assert.True(lane.Enqueue(run));
        Assert.False(lane.TryEnter());
        Assert.Same(run, lane.Next());
        Assert.Null(lane.Next());
    }

    [Fact]
    public async Task No_message_is_left_behind_when_one_ends_while_another_queues()
    {
        ActionLane lane = Make();
        const int Count = 50_000;
        int ran = 0;
        int inside = 0;
        Task queueing = Task.Run(() =>
        {
            for (int i = 0; i < Count; i++)
            {
                if (lane.Enqueue(new MessageRun(null!)))
                {
                    ThreadPool.QueueUserWorkItem(_ => RunAll());
                }
            }
        });
        await queueing.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref ran) == Count, TimeSpan.FromSeconds(20)));

        void RunAll()
        {
            while (lane.Next() is not null)
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                Interlocked.Decrement(ref inside);
                Interlocked.Increment(ref ran);
            }
        }
    }

    private static ActionLane Make() => new(new ActionEntry("a", 1, []), null!);
}
