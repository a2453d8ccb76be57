using System.Collections.Concurrent;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Topics;

/// <summary>Work queues, over every transport.</summary>
public sealed class QueueTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task One_subscriber_of_a_queue_gets_each_message_and_who_has_subscribed_without_one_gets_all(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        Assert.Equal(1, await topics.PublishAsync("jobs.a", new Job(0, "run")));
        await using IAsyncDisposable other = await topics.SubscribeAsync<Job>("jobs.a", (job, _, _) => Add($"other {job.Number}"), new SubscribeOptions { Queue = "other" });
        await using IAsyncDisposable plain = await topics.SubscribeAsync<Job>("jobs.>", (job, _, _) => Add($"plain {job.Number}"));
        for (int i = 1; i < 20; i++)
        {
            Assert.Equal(3, await topics.PublishAsync("jobs.a", new Job(i, "run")));
        }

        IReadOnlyList<string> entries = await recorder.WaitForAsync(1 + (19 * 3));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"jobs.a {i} delivery 1").Order(), entries.Where(e => e.StartsWith("worker/", StringComparison.Ordinal)).Select(e => e[9..]).Order());
        Assert.Equal([0, 1], entries.Where(e => e.StartsWith("worker/", StringComparison.Ordinal)).Select(e => e[7] - '0').Distinct().Order());
        Assert.Equal(Enumerable.Range(1, 19).Select(i => $"other {i}"), entries.Where(e => e.StartsWith("other", StringComparison.Ordinal)));
        Assert.Equal(Enumerable.Range(1, 19).Select(i => $"plain {i}"), entries.Where(e => e.StartsWith("plain", StringComparison.Ordinal)));

        ValueTask Add(string entry)
        {
            recorder.Add(entry);
            return default;
        }
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Messages_go_past_a_subscriber_that_has_not_acknowledged_the_last_one(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        await topics.PublishAsync("jobs.a", new Job(0, "hold"));
        await cluster.Gates.Started.Task.WaitAsync(Deadline);
        int free = '1' - recorder.Entries[0][7];
        RouteTable routes = cluster.Services.GetRequiredService<Peer>().Running!.Routes;

        for (int i = 1; i <= 6; i++)
        {
            await topics.PublishAsync("jobs.a", new Job(i, "run"));
            Assert.Equal($"worker/{free} jobs.a {i} delivery 1", (await recorder.WaitForAsync(1 + i))[i]);
            Assert.True(SpinWait.SpinUntil(() => routes.TryGet(PeerId.Worker("worker", free, 0), LaneKind.Inbox)!.InFlight == 0, Deadline)); // acknowledged
        }

        cluster.Gates.Release.SetResult();
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task A_message_whose_listener_throws_is_set_aside_at_once_and_that_is_an_acknowledgement(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind, services => services.Services.Configure<IpcOptions>(o => o.MaxPendingMessages = 16));
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        for (int i = 0; i < 40; i++)
        {
            await topics.PublishAsync("jobs.a", new Job(i, "throw"));
        }

        IReadOnlyList<string> entries = await cluster.Services.GetRequiredService<Recorder>().WaitForAsync(80);
        Assert.Equal(40, entries.Count(e => e.EndsWith("delivery 1", StringComparison.Ordinal)));
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => $"set aside ListenerFailed queue:crew:jobs.* {i} of supervisor after 1").Order(),
            entries.Where(e => e.Contains("set aside", StringComparison.Ordinal)).Select(e => e[(e.IndexOf(' ', StringComparison.Ordinal) + 1)..]).Order());
    }

    [Fact]
    public async Task A_publisher_holds_only_so_many_messages_that_are_not_acknowledged()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.MaxPendingMessages = 16);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        for (int i = 0; i < 16; i++)
        {
            await topics.PublishAsync("jobs.a", new Job(i, "hold"));
        }

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await topics.PublishAsync("jobs.a", new Job(16, "hold"), new SendOptions { SendTimeout = TimeSpan.Zero }));
        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Contains("Ipc:MaxPendingMessages", error.Message, StringComparison.Ordinal);
        using var impatient = new CancellationTokenSource(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await topics.PublishAsync("jobs.a", new Job(16, "hold"), cancellationToken: impatient.Token));

        cluster.Gates.Release.SetResult();
        await topics.PublishAsync("jobs.a", new Job(16, "run"));
        Assert.Equal(17, (await cluster.Recorder.WaitForAsync(17)).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_was_running_in_a_process_that_ends_is_given_to_another_subscriber_with_its_count(bool overPipe)
    {
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe);
        var seen = new ConcurrentQueue<(int Worker, string? Topic, int Count)>();
        using var again = new SemaphoreSlim(0);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        for (int i = 0; i < 2; i++)
        {
            int worker = i;
            await cluster.Worker(i).GetRequiredService<ITopics>().SubscribeAsync<string>(
                "work.>",
                async (_, context, _) =>
                {
                    seen.Enqueue((worker, context.Topic, context.DeliveryCount));
                    again.Release();
                    if (context.DeliveryCount == 1)
                    {
                        await release.Task;
                    }
                },
                new SubscribeOptions { Queue = "crew" });
        }

        Assert.Equal(1, await cluster.Services.GetRequiredService<ITopics>().PublishAsync("work.now", "a"));
        Assert.True(await again.WaitAsync(Deadline));
        int first = seen.Single().Worker;
        await cluster.CrashAsync(first);

        Assert.True(await again.WaitAsync(Deadline));
        Assert.Equal([(first, "work.now", 1), (1 - first, "work.now", 2)], seen);
        release.SetResult();
    }

    [Fact]
    public async Task A_publisher_that_ends_takes_nothing_with_it()
    {
        await using RingCluster cluster = await RingCluster.StartAsync();
        var handled = new ConcurrentQueue<string>();
        var started = new TaskCompletionSource<CancellationToken>(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IAsyncDisposable subscription = await cluster.Worker(1).GetRequiredService<ITopics>().SubscribeAsync<string>(
            "work",
            async (text, context, token) =>
            {
                started.TrySetResult(token);
                await release.Task;
                handled.Enqueue($"{text} of {context.Sender}: {token.IsCancellationRequested}");
            },
            new SubscribeOptions { Queue = "crew" });
        foreach (string text in new[] { "running", "waiting" })
        {
            Assert.Equal(1, await cluster.Worker(0).GetRequiredService<ITopics>().PublishAsync("work", text));
        }

        await started.Task.WaitAsync(Deadline);
        await cluster.CrashAsync(0);
        PeerId ended = PeerId.Worker("worker", 0, 1);
        Transport transport = cluster.Worker(1).GetRequiredService<Peer>().Running!.Transport;
        Assert.True(SpinWait.SpinUntil(() => !transport.Directory.Find(ended)!.IsReady, Deadline));
        release.SetResult();

        Assert.True(SpinWait.SpinUntil(() => handled.Count == 2, Deadline));
        Assert.Equal(["running of worker/0#1: False", "waiting of worker/0#1: False"], handled);
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task What_waits_for_a_subscription_that_ends_goes_to_another_one_and_is_set_aside_when_there_is_none(ClusterKind kind)
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(kind);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        var queue = new SubscribeOptions { Queue = "others" };
        IAsyncDisposable leaving = await topics.SubscribeAsync<Job>("chores", HoldAsync, queue);
        for (int i = 0; i < 4; i++)
        {
            await topics.PublishAsync("chores", new Job(i, ""));
        }

        await cluster.Gates.Started.Task.WaitAsync(Deadline);
        IAsyncDisposable staying = await topics.SubscribeAsync<Job>("chores", RunAsync, queue);
        await leaving.DisposeAsync();
        cluster.Gates.Release.SetResult();

        Assert.Equal(["0 held", "1 run", "2 run", "3 run"], (await recorder.WaitForAsync(4)).Order());
        await staying.DisposeAsync();
        Assert.Equal(0, await topics.PublishAsync("chores", new Job(4, ""))); // nobody is no error

        ValueTask RunAsync(Job job, MessageContext context, CancellationToken token)
        {
            recorder.Add($"{job.Number} run");
            return default;
        }

        async ValueTask HoldAsync(Job job, MessageContext context, CancellationToken token)
        {
            cluster.Gates.Started.TrySetResult();
            await cluster.Gates.Release.Task;
            recorder.Add($"{job.Number} held");
        }
    }

    [Fact]
    public async Task What_waits_for_the_last_subscription_that_ends_is_set_aside_by_its_publisher()
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(ClusterKind.Memory);
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        Recorder recorder = cluster.Services.GetRequiredService<Recorder>();
        IAsyncDisposable last = await topics.SubscribeAsync<Job>(
            "chores",
            async (_, _, _) =>
            {
                cluster.Gates.Started.TrySetResult();
                await cluster.Gates.Release.Task;
            },
            new SubscribeOptions { Queue = "others" });
        await topics.PublishAsync("chores", new Job(0, ""));
        await topics.PublishAsync("chores", new Job(1, ""));
        await cluster.Gates.Started.Task.WaitAsync(Deadline);

        await last.DisposeAsync();
        cluster.Gates.Release.SetResult();

        Assert.Equal(["supervisor set aside NoSubscriber queue#1:others:chores 1 of supervisor after 0"], await recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task A_message_that_no_inbox_takes_throws_and_is_not_held()
    {
        await using AnyCluster cluster = await AnyCluster.StartAsync(ClusterKind.Memory, b => b.Services.Configure<IpcOptions>(o => (o.MaxPendingMessages, o.MaxMessageSize) = (16, 64 << 10)));
        ITopics topics = cluster.Services.GetRequiredService<ITopics>();
        await using IAsyncDisposable plain = await topics.SubscribeAsync<byte[]>("jobs.bytes", (_, _, _) => default);
        for (int i = 0; i < 20; i++)
        {
            PartialSendException error = await Assert.ThrowsAsync<PartialSendException>(async () => await topics.PublishAsync("jobs.bytes", new byte[1 << 20]));
            Assert.Equal(0, error.Delivered);
            Assert.All(error.Failures, failure => Assert.Equal(IpcError.MessageTooLarge, failure.Error.Reason));
            Assert.Equal(2, error.Failures.Count);
        }

        Assert.Equal(2, await topics.PublishAsync("jobs.bytes", Array.Empty<byte>()));
    }
}
