using Ipc.Supervision;
using Xunit;

namespace Ipc.Hosting.Tests.Supervision;

/// <summary>What is told of an end does not depend on the order in which it was found out.</summary>
public sealed class WorkerRemainsTests
{
    [Fact]
    public void What_was_lost_is_added_up_by_action_and_told_in_the_order_of_the_names()
    {
        var remains = new WorkerRemains();
        remains.AddLost("b", 2);
        remains.AddLost("a", 1);
        remains.AddLost("b", 3);
        remains.AddLost(null, 1);

        Assert.Equal([new ActionCount("", 1), new ActionCount("a", 1), new ActionCount("b", 5)], remains.Lost);
    }
}
