using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Topics;

/// <summary>Publishing and subscribing, over every transport.</summary>
public sealed class TopicTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task A_message_reaches_everybody_whose_pattern_fits_and_its_publisher_learns_how_many(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();

        Assert.Equal(3, await topics.PublishAsync("orders.placed", new Happening(1)));
        Assert.Equal(
            ["supervisor first orders.placed 1", "supervisor topic:orders.placed orders.placed 1", "worker/0 topic:orders.* orders.placed 1", "worker/1 topic:orders.* orders.placed 1"],
            (await recorder.WaitForAsync(4)).Order());
        Assert.Equal(
            ["supervisor first orders.placed 1", "supervisor topic:orders.placed orders.placed 1"], recorder.Entries.Where(e => e.StartsWith("supervisor", StringComparison.Ordinal))); // by priority

        Assert.Equal(3, await cluster.Sender.RequestAsync(new PublishThere("orders.placed", 2), Target.Worker(1)));
        Assert.Contains("worker/1 topic:orders.* orders.placed 2", await recorder.WaitForAsync(8)); // the publisher is one of them
        Assert.Equal(2, await topics.PublishAsync("orders.cancelled", new Happening(3)));
        Assert.Equal(["worker/0 topic:orders.* orders.cancelled 3", "worker/1 topic:orders.* orders.cancelled 3"], (await recorder.WaitForAsync(10)).Skip(8).Order());
        Assert.Equal(0, await topics.PublishAsync("orders.placed.eu", new Happening(4)));
        Assert.Equal(0, await cluster.Sender.RequestAsync(new PublishThere("stock", 4), Target.Worker(0)));
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Who_is_told_that_somebody_has_subscribed_is_heard_by_it_at_once_and_no_longer_when_that_has_ended(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        int recorded = 0;
        for (int i = 0; i < 30; i++)
        {
            // Worker 0 subscribes, and the supervisor and worker 1 publish as soon as the answer says so.
            await cluster.Sender.RequestAsync(new SubscribeThere($"rooms.{i}.>", Ends: false), Target.Worker(0));
            Assert.Equal(1, await topics.PublishAsync($"rooms.{i}.a.b", new Happening(i)));
            Assert.Equal(1, await cluster.Sender.RequestAsync(new PublishThere($"rooms.{i}.c", i), Target.Worker(1)));
            recorded += 2;
            Assert.Equal([$"worker/0 rooms.{i}.a.b {i}", $"worker/0 rooms.{i}.c {i}"], (await recorder.WaitForAsync(recorded)).Skip(recorded - 2).Order());

            // The supervisor subscribes, and a worker publishes.
            await using (await topics.SubscribeAsync<Happening>($"rooms.{i}.c", (happening, context, _) =>
            {
                recorder.Add($"supervisor {context.Topic} {happening.Number}");
                return default;
            }))
            {
                Assert.Equal(2, await cluster.Sender.RequestAsync(new PublishThere($"rooms.{i}.c", i), Target.Worker(1)));
                recorded += 2;
                Assert.Equal([$"supervisor rooms.{i}.c {i}", $"worker/0 rooms.{i}.c {i}"], (await recorder.WaitForAsync(recorded)).Skip(recorded - 2).Order());
            }

            await cluster.Sender.RequestAsync(new SubscribeThere($"rooms.{i}.>", Ends: true), Target.Worker(0));
            Assert.Equal(0, await topics.PublishAsync($"rooms.{i}.c", new Happening(i)));
            Assert.Equal(0, await cluster.Sender.RequestAsync(new PublishThere($"rooms.{i}.c", i), Target.Worker(1)));
        }

        Assert.Equal(recorded, recorder.Entries.Count);
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task Messages_of_one_publisher_start_in_order_in_a_subscription_whatever_their_topics(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        var seen = new List<int>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable subscription = await topics.SubscribeAsync<Happening>("many.>", async (happening, _, _) =>
        {
            if (happening.Number % 10 == 0)
            {
                await Task.Yield();
            }

            seen.Add(happening.Number);
            if (happening.Number == 499)
            {
                last.SetResult();
            }
        });

        for (int i = 0; i < 500; i++)
        {
            await topics.PublishAsync($"many.{i % 7}", new Happening(i));
        }

        await last.Task.WaitAsync(Deadline);
        Assert.Equal(Enumerable.Range(0, 500), seen);
    }

    [Fact]
    public async Task Messages_of_a_concurrent_subscription_overlap()
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(ClusterKind.Memory);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        using var both = new Barrier(2);
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable subscription = await topics.SubscribeAsync<Happening>(
            "together",
            (_, _, _) =>
            {
                if (both.SignalAndWait(Deadline, CancellationToken.None))
                {
                    met.TrySetResult();
                }

                return default;
            },
            new SubscribeOptions { Concurrent = true });

        await topics.PublishAsync("together", new Happening(1));
        await topics.PublishAsync("together", new Happening(2));

        await met.Task.WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_full_inbox_is_named_and_the_others_have_the_message()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(configure: o => o.MaxPendingMessages = 16);
        ITopics supervisor = cluster.Services.GetRequiredService<ITopics>();
        var release = new TaskCompletionSource();
        int heard = 0;
        await using IAsyncDisposable slow = await cluster.Worker(0).GetRequiredService<ITopics>().SubscribeAsync<byte[]>("bulk", async (_, _, _) => await release.Task);
        var impatient = new SendOptions { SendTimeout = TimeSpan.Zero };
        IpcException? alone = null;
        for (int i = 0; i < 1_000 && alone is null; i++)
        {
            alone = await Record.ExceptionAsync(async () => await supervisor.PublishAsync("bulk", new byte[100_000], impatient)) as IpcException;
        }

        Assert.Equal(IpcError.InboxFull, alone?.Reason); // to one: as for every message to one
        await using IAsyncDisposable other = await cluster.Worker(1).GetRequiredService<ITopics>().SubscribeAsync<byte[]>("bulk", (_, _, _) =>
        {
            Interlocked.Increment(ref heard);
            return default;
        });
        PartialSendException? error = null;
        int published = 0;
        for (; published < 1_000 && error is null; published++) // the slow one may still take some of what it has, and have room for so many
        {
            error = await Record.ExceptionAsync(async () => await supervisor.PublishAsync("bulk", new byte[100_000], impatient)) as PartialSendException;
        }

        Assert.Equal(1, error!.Delivered);
        SendFailure failure = Assert.Single(error.Failures);
        Assert.Equal((PeerId.Worker("worker", 0, 1), IpcError.InboxFull), (failure.Peer, failure.Error.Reason));
        Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref heard) == published, Deadline));
        release.SetResult();
    }

    [Fact]
    public async Task The_first_message_waits_until_it_is_known_who_has_subscribed()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(more: b => b.OnWorkers(services => services.AddHostedService<PublishesAtStart>()));

        await cluster.StartAsync();

        IReadOnlyList<string> entries = await cluster.Recorder.WaitForAsync(12);
        Assert.All(Enumerable.Range(0, 3), id => Assert.Contains($"published by {id} to 3", entries));
        Assert.All(Enumerable.Range(0, 3), id => Assert.Equal(3, entries.Count(e => e.StartsWith($"worker/{id} ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task What_is_wrong_with_a_call_is_thrown_at_once_and_a_peer_that_has_stopped_says_so()
    {
        InProcessCluster cluster = await InProcessCluster.StartAsync();
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Func<Happening, MessageContext, CancellationToken, ValueTask> handler = (_, _, _) => default;
        Assert.Throws<ArgumentException>("topic", () => { _ = topics.PublishAsync("orders.*", new Happening(1)).AsTask(); });
        Assert.Throws<ArgumentNullException>("message", () => { _ = topics.PublishAsync<Happening>("orders.placed", null!).AsTask(); });
        Assert.Throws<ArgumentException>("pattern", () => { _ = topics.SubscribeAsync("orders..placed", handler).AsTask(); });
        Assert.Throws<ArgumentNullException>("handler", () => { _ = topics.SubscribeAsync<Happening>("orders", null!).AsTask(); });
#pragma warning disable IPC0012 // That is what happens to who does not look at it.
        Assert.Throws<InvalidOperationException>(() => { _ = topics.SubscribeAsync<Version>("orders", (_, _, _) => default).AsTask(); });
        Assert.Throws<InvalidOperationException>(() => { _ = topics.PublishAsync("orders.placed", new Version()).AsTask(); });
#pragma warning restore IPC0012
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await topics.SubscribeAsync("orders", handler, cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(0, await topics.PublishAsync("orders", new Happening(1)));
        IAsyncDisposable subscription = await topics.SubscribeAsync("orders", handler);

        await cluster.StopAsync();

        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(async () => await topics.PublishAsync("orders.placed", new Happening(1)))).Reason);
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(async () => await topics.SubscribeAsync("orders", handler))).Reason);
        await cluster.DisposeAsync();
        await subscription.DisposeAsync(); // ends with its process, and says nothing
        await subscription.DisposeAsync();
    }

    [Fact]
    public async Task Too_many_subscriptions_are_refused_and_those_that_there_are_go_on()
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Func<Happening, MessageContext, CancellationToken, ValueTask> handler = (_, _, _) => default;
        IAsyncDisposable[] all = [.. await Task.WhenAll(Enumerable.Range(0, TopicSubscription.MaxPerPeer).Select(i => topics.SubscribeAsync($"t{i}", handler).AsTask()))];

        Assert.Equal(IpcError.NotAllowed, (await Assert.ThrowsAsync<IpcException>(async () => await topics.SubscribeAsync("more", handler))).Reason);

        Assert.Equal(0, await topics.PublishAsync("more", new Happening(1)));
        Assert.Equal(1, await topics.PublishAsync("t1023", new Happening(1)));
        await all[0].DisposeAsync();
        await using IAsyncDisposable more = await topics.SubscribeAsync("more", handler);
        Assert.Equal(1, await topics.PublishAsync("more", new Happening(1)));
    }

    private sealed class PublishesAtStart(ITopics topics, Recorder recorder, IpcProcess me) : Microsoft.Extensions.Hosting.IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) =>
            recorder.Add($"published by {me.WorkerId} to {await topics.PublishAsync("orders.early", new Happening(me.WorkerId), cancellationToken: cancellationToken)}");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
