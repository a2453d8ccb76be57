using Ipc.Dispatch;
using Ipc.Hosting.Tests.Processes;
using Ipc.Messaging;
using Ipc.Transports;
using Ipc.Workers;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Rings;

/// <summary>What a worker says about itself when its supervisor asks.</summary>
public sealed class PulseTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void The_pool_waits_while_something_is_pending_and_nothing_ends()
    {
        var pulse = new PulseSource(new CallWatch());

        Assert.Equal(0u, pulse.LookAtPool(1, pending: 0, completed: 10));
        Assert.Equal(0u, pulse.LookAtPool(2, pending: 3, completed: 10)); // since this look, for all that is known
        Assert.Equal(2u, pulse.LookAtPool(3, pending: 4, completed: 10));
        Assert.Equal(2u, pulse.LookAtPool(4, pending: 4, completed: 10));
        Assert.Equal(0u, pulse.LookAtPool(5, pending: 9, completed: 11)); // slow, but it comes forward
        Assert.Equal(5u, pulse.LookAtPool(6, pending: 9, completed: 11));
        Assert.Equal(0u, pulse.LookAtPool(7, pending: 0, completed: 11));
        Assert.Equal(0u, pulse.LookAtPool(8, pending: 0, completed: 11)); // idle
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_call_that_does_not_return_is_told_with_the_question_at_which_it_was_seen_first_and_one_that_awaits_is_not(bool blocks)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1);
        using var gate = new ManualResetEventSlim();
        var awaited = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Gates.OnProbe = (_, _) =>
        {
            entered.TrySetResult();
            if (blocks)
            {
                gate.Wait(Patience);
                return default;
            }

            return new ValueTask(awaited.Task);
        };
        var pulse = new PulseSource(cluster.Worker(0).GetRequiredService<Peer>().Dispatcher.Calls);
        Task running = cluster.Sender.RequestAsync(new Probe(1), Target.Worker(0)).AsTask();
        await entered.Task.WaitAsync(Patience);
        uint number = 0;
        if (blocks)
        {
            Assert.Equal(0u, pulse.Answer(1).CallSince); // younger than the question, for all that is known
            Assert.Equal(1u, pulse.Answer(2).CallSince);
            WorkerPulse third = pulse.Answer(3);
            Assert.Equal((3u, 1u, "test.probe"), (third.Number, third.CallSince, third.Action));
            number = 3;
        }
        else
        {
            await UntilNothingIsSeenAsync(); // it may still be on its way out of the call
        }

        gate.Set();
        awaited.SetResult();
        await running.WaitAsync(Patience);
        await UntilNothingIsSeenAsync();

        async Task UntilNothingIsSeenAsync() =>
            await ClusterProcess.UntilAsync(() => (pulse.Answer(++number).CallSince, pulse.Answer(++number).CallSince) == (0, 0), "no call is seen at two looks", Patience);
    }
}
