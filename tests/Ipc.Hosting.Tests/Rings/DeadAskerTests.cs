using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>Requests whose asker is no longer there.</summary>
public sealed class DeadAskerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public async Task A_running_request_is_cancelled_when_its_asker_dies_and_not_only_when_that_has_a_successor(bool overPipe, bool asksFirst)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe);
        IMessageSender asker = cluster.Worker(1).GetRequiredService<IMessageSender>();
        if (asksFirst)
        {
            await asker.RequestAsync(new Double(1), Target.Worker(0));
        }

        Task<string> request = asker.RequestAsync(new Slow("a"), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task.WaitAsync(Patience);

        await cluster.CrashAsync(1);

        await cluster.Gates.Cancelled.Task.WaitAsync(Patience);
        Assert.False(request.IsCompletedSuccessfully);
    }
}
