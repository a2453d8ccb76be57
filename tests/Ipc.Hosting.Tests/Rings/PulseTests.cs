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
    public async Task A_piece_behind_an_await_that_comes_to_no_other_is_told_and_what_was_handed_to_the_pool_is_not(bool inline)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1);
        using var gate = new ManualResetEventSlim();
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var computes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var blocks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        uint number = 0;
        var pulse = new PulseSource(cluster.Worker(0).GetRequiredService<Peer>().Dispatcher.Calls);
        bool isFirst = inline; // the first message is held, since its singleton is still to be made
        cluster.Gates.OnProbe = async (_, _) =>
        {
            await Task.Yield();
            if (isFirst)
            {
                isFirst = false;
                return;
            }

            await Task.Run(() =>
            {
                computes.SetResult();
                goOn.Task.Wait(Patience);
            });
            await Task.Yield(); // else the end of that task goes on with this, which is taken for a part of it
            blocks.SetResult();
            gate.Wait(Patience);
        };
        if (isFirst)
        {
            await cluster.Sender.RequestAsync(new Probe(0), Target.Worker(0)).AsTask().WaitAsync(Patience);
        }

        Task running = cluster.Sender.RequestAsync(new Probe(1), Target.Worker(0)).AsTask();
        await computes.Task.WaitAsync(Patience);
        await UntilNothingIsSeenAsync(); // the listener may still be on its way to its await
        Assert.Equal(0u, pulse.Answer(++number).CallSince);
        goOn.SetResult();
        await blocks.Task.WaitAsync(Patience);
        uint since = ++number;
        Assert.Equal(0u, pulse.Answer(since).CallSince); // younger than the question, for all that is known
        Assert.Equal((since, "test.probe"), (pulse.Answer(++number).CallSince, pulse.Answer(++number).Action));

        gate.Set();
        await running.WaitAsync(Patience);
        await UntilNothingIsSeenAsync();

        async Task UntilNothingIsSeenAsync() =>
            await ClusterProcess.UntilAsync(() => (pulse.Answer(++number).CallSince, pulse.Answer(++number).CallSince) == (0, 0), "no call is seen at two looks", Patience);
    }

    [Fact]
    public async Task A_thread_that_a_listener_has_started_is_not_told_while_the_listener_awaits()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        uint number = 0;
        var pulse = new PulseSource(cluster.Worker(0).GetRequiredService<Peer>().Dispatcher.Calls);
        cluster.Gates.OnProbe = async (_, _) =>
        {
            await Task.Yield();
            new Thread(() =>
            {
                started.SetResult();
                release.Task.Wait(Patience);
            }).Start();
            await release.Task;
        };

        Task running = cluster.Sender.RequestAsync(new Probe(1), Target.Worker(0)).AsTask();
        await started.Task.WaitAsync(Patience);
        await ClusterProcess.UntilAsync(
            () => (pulse.Answer(++number).CallSince, pulse.Answer(++number).CallSince) == (0, 0), "no call is seen at two looks", TimeSpan.FromSeconds(20));
        release.SetResult();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public void An_action_whose_calls_complete_at_once_is_not_prepared_for_awaits_until_one_has_awaited()
    {
        var entry = new ActionEntry("a", 1, []);
        Assert.True(entry.MayAwait);

        entry.Returned(hasCompleted: true);
        Assert.False(entry.MayAwait);

        entry.Returned(hasCompleted: false);
        entry.Returned(hasCompleted: true);
        Assert.True(entry.MayAwait);
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
