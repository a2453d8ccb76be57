using Ipc.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.InProcess;

public sealed class SendingTests
{
    [Fact]
    public async Task The_default_target_of_a_send_is_all_workers()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await cluster.Sender.SendAsync(new Note("hello"));

        IReadOnlyList<string> seen = await cluster.Recorder.WaitForAsync(3);
        Assert.Equal(
            ["worker/0:hello:test.note:supervisor", "worker/1:hello:test.note:supervisor", "worker/2:hello:test.note:supervisor"],
            seen.Order());
    }

    [Fact]
    public async Task The_default_target_of_a_request_is_any_worker_and_equals_take_turns()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var answered = new HashSet<int>();

        for (int i = 0; i < 12; i++)
        {
            Doubled answer = await cluster.Sender.RequestAsync(new Double(i));
            Assert.Equal(i * 2, answer.Number);
            answered.Add(answer.WorkerId);
        }

        Assert.Equal([0, 1, 2], answered.Order());
    }

    [Fact]
    public async Task A_worker_without_a_group_is_one_of_the_group_worker()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await cluster.Sender.SendAsync(new Note("one"), Target.Worker(1));

        Assert.Equal(["worker/1:one:test.note:supervisor"], await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task When_the_group_worker_does_not_exist_the_error_lists_the_groups()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o =>
        {
            o.Workers.Count = null;
            o.Groups["web"] = new IpcGroupOptions { Count = 1 };
            o.Groups["task"] = new IpcGroupOptions { Count = 1 };
        });

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Note("x"), Target.Worker(1)).AsTask());

        Assert.Equal(IpcError.NoSuchTarget, error.Reason);
        Assert.Contains("\"worker\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("task, web", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_id_that_does_not_exist_is_an_error_that_names_the_ids()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.RequestAsync(new Double(1), Target.Worker(7)).AsTask());

        Assert.Equal(IpcError.NoSuchTarget, error.Reason);
        Assert.Contains("0 to 2", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("others")]
    [InlineData("workers")]
    [InlineData("group")]
    [InlineData("any")]
    [InlineData("supervisor")]
    public async Task Each_target_reaches_whom_it_names(string kind)
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o => o.Groups["web"] = new IpcGroupOptions { Count = 2 });
        (Target target, string action, string[] expected) = kind switch
        {
            "others" => (Target.Others, "test.note", new[] { "web/0", "web/1", "worker/0", "worker/1", "worker/2" }),
            "workers" => (Target.Workers(0, 2, 0), "test.note", ["worker/0", "worker/2"]),
            "group" => (Target.Group("web"), "test.note", ["web/0", "web/1"]),
            "any" => (Target.Any("web"), "test.note", ["web/"]),
            _ => (Target.Supervisor, "test.supervisor", ["supervisor:"]),
        };

        if (kind == "supervisor")
        {
            await cluster.Sender.SendAsync(new ForSupervisor("x"), target);
        }
        else
        {
            await cluster.Sender.SendAsync(new Note("x"), target);
        }

        IReadOnlyList<string> seen = await cluster.Recorder.WaitForAsync(expected.Length);
        Assert.NotEmpty(action);
        Assert.Equal(expected.Length, seen.Count);
        Assert.All(seen.Order().Zip(expected), pair => Assert.StartsWith(pair.Second, pair.First, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_request_for_an_action_without_a_listener_fails_at_once_and_asks_did_you_mean()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync<int, string>("test.doubel", 1).AsTask());

        Assert.Equal(IpcError.NoListener, error.Reason);
        Assert.Contains("\"test.doubel\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean \"test.double\"?", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_listens_to_fails_at_the_sender()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Unheard("x")).AsTask());

        Assert.Equal(IpcError.NoListener, error.Reason);
    }

    [Fact]
    public async Task Asking_a_listener_that_does_not_answer_fails_with_NoListener()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.RequestAsync<Note, string>("test.note", new Note("x"), Target.Worker(0)).AsTask());

        Assert.Equal(IpcError.NoListener, error.Reason);
        Assert.Contains("none that answers", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_send_before_the_start_waits_for_it()
    {
        await using InProcessCluster cluster = InProcessCluster.Build();
        Task early = cluster.Sender.SendAsync(new Note("early"), Target.Worker(0)).AsTask();
        Assert.False(early.IsCompleted);

        await cluster.StartAsync();
        await early;

        Assert.Single(await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task A_send_before_a_start_that_never_comes_ends_after_StartTimeout_and_names_it()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.StartTimeout = TimeSpan.FromMilliseconds(50));

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Note("early")).AsTask());

        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.Contains("Ipc:StartTimeout", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request", "RequestOptions.Timeout")]
    [InlineData("request to all", "RequestOptions.Timeout")]
    [InlineData("request that may wait for room", "SendOptions.SendTimeout")]
    [InlineData("send", "SendOptions.SendTimeout")]
    public async Task Before_the_start_a_call_waits_no_longer_than_its_own_timeout_and_the_error_names_it(string call, string option)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.StartTimeout = TimeSpan.FromHours(1));

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => SendAsync(cluster.Sender, call, TimeSpan.FromMilliseconds(50), default).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.Contains($"within 00:00:00.0500000 ({option}, shorter than Ipc:StartTimeout)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request")]
    [InlineData("request to all")]
    [InlineData("send")]
    public async Task Before_the_start_a_longer_timeout_of_the_call_does_not_outlast_StartTimeout(string call)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.StartTimeout = TimeSpan.FromMilliseconds(50));

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => SendAsync(cluster.Sender, call, TimeSpan.FromHours(1), default).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Contains("within 00:00:00.0500000 (Ipc:StartTimeout)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request")]
    [InlineData("request to all")]
    [InlineData("send")]
    public async Task Before_the_start_the_callers_token_ends_the_wait(string call)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.StartTimeout = TimeSpan.FromHours(1));
        using var caller = new CancellationTokenSource();
        Task early = SendAsync(cluster.Sender, call, null, caller.Token);
        Assert.False(early.IsCompleted);

        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => early.WaitAsync(TimeSpan.FromSeconds(30), CancellationToken.None));
    }

    [Theory]
    [InlineData("request")]
    [InlineData("request to all")]
    [InlineData("send")]
    public async Task A_call_to_workers_that_still_start_waits_no_longer_than_its_own_timeout_and_the_error_names_them(string call)
    {
        await using InProcessCluster cluster = InProcessCluster.Build(
            o => o.StartTimeout = TimeSpan.FromHours(1), host: b => b.Services.AddHostedService<HeldWorkers>());
        Task start = cluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => SendAsync(cluster.Sender, call, TimeSpan.FromMilliseconds(50), default).WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.Contains("worker/0, worker/1, worker/2 did not become ready within 00:00:00.0500000 (", error.Message, StringComparison.Ordinal);
        cluster.Gates.Release.SetResult();
        await start;
    }

    [Fact]
    public async Task Workers_in_one_process_that_do_not_start_in_time_fail_the_start_and_are_named()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(
            o => o.StartTimeout = TimeSpan.FromMilliseconds(50), host: b => b.Services.AddHostedService<HeldWorkers>());

        TimeoutException error = await Assert.ThrowsAsync<TimeoutException>(cluster.StartAsync);

        Assert.Contains("within 00:00:00.0500000 (Ipc:StartTimeout)", error.Message, StringComparison.Ordinal);
        Assert.Contains("worker/0#1, worker/1#1, worker/2#1", error.Message, StringComparison.Ordinal);
        cluster.Gates.Release.SetResult();
    }

    [Fact]
    public async Task The_timeout_of_a_request_counts_from_the_call_and_not_from_the_start()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.StartTimeout = TimeSpan.FromHours(1));
        var options = new RequestOptions { Timeout = TimeSpan.FromMinutes(10) };
        Task<string> early = cluster.Sender.RequestAsync(new Slow("early"), Target.Worker(0), options).AsTask();
        long latest = Environment.TickCount64 + (long)options.Timeout.Value.TotalMilliseconds;
        await Processes.ClusterProcess.UntilAsync(() => latest < Environment.TickCount64 + (long)options.Timeout.Value.TotalMilliseconds - 100, "some time has passed");

        await cluster.StartAsync();
        await cluster.Gates.Started.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.InRange(cluster.Services.GetRequiredService<Peer>().Running!.Requests.EarliestDue(), 1, latest);
        cluster.Gates.Release.SetResult();
        Assert.Equal("done early", await early);
    }

    [Fact]
    public async Task A_message_that_is_null_is_refused_at_the_sender()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await Assert.ThrowsAsync<ArgumentNullException>(async () => await cluster.Sender.SendAsync<Note>(null!));
    }

    [Fact]
    public async Task After_the_stop_sends_throw()
    {
        InProcessCluster cluster = await InProcessCluster.StartAsync();
        await cluster.StopAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Note("late")).AsTask());

        Assert.Equal(IpcError.NotRunning, error.Reason);
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Mode_Off_sends_nothing_and_says_so()
    {
        await using InProcessCluster cluster = InProcessCluster.Build(o => o.Mode = IpcMode.Off);
        await cluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Note("x")).AsTask());

        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.Contains("Ipc:Mode is Off", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bare_bodies_and_MessageBody_travel_without_a_message_type()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        Assert.Equal("text:7:3", await cluster.Sender.RequestAsync<string, string>("test.bare.text", "7:3"));
        Assert.Equal(42, await cluster.Sender.RequestAsync<int, int>("test.bare.number", 41));
        Assert.Equal(new byte[] { 3, 2, 1 }, await cluster.Sender.RequestAsync<byte[], byte[]>("test.bare.bytes", [1, 2, 3]));
    }

    [Fact]
    public async Task A_body_without_a_serializer_is_refused_with_its_type()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

#pragma warning disable IPC0012 // The analyzer says the same at build time; this is what happens without it.
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => cluster.Sender.SendAsync("test.note", new Version(1, 0)).AsTask());
#pragma warning restore IPC0012

        Assert.Contains("System.Version", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Messages_of_one_sender_to_one_listener_run_in_sending_order()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        const int Count = 2_000;

        for (int i = 0; i < Count; i++)
        {
            await cluster.Sender.SendAsync(new Ordered(i), Target.Worker(0));
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await cluster.Recorder.WaitForAsync(Count));
    }

    [Fact]
    public async Task Worker_to_worker_messages_carry_the_worker_as_sender_and_a_manual_answer_reaches_it()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        await cluster.Sender.SendAsync(new Relay(2, "how are you"), Target.Worker(0));

        Assert.Equal(["worker/0#1:answer to how are you"], await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task A_peer_that_has_another_incarnation_is_gone()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => cluster.Sender.SendAsync(new Note("x"), Target.Peer(PeerId.Worker("worker", 1, 9))).AsTask());

        Assert.Equal(IpcError.PeerGone, error.Reason);
        Assert.Contains("worker/1#9", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_reach_the_listener()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var options = new RequestOptions { Headers = new MessageHeaders([KeyValuePair.Create("tenant", "blue"), KeyValuePair.Create("x", "")]) };

        Assert.Equal("blue", await cluster.Sender.RequestAsync(new WithHeaders("tenant"), options: options));
        Assert.Equal("none", await cluster.Sender.RequestAsync(new WithHeaders("other"), options: options));
    }

    [Fact]
    public async Task Headers_that_are_too_large_are_refused_with_their_size()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();
        var options = new SendOptions { Headers = new MessageHeaders([KeyValuePair.Create("big", new string('x', 70_000))]) };

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Note("x"), Target.Worker(0), options).AsTask());

        Assert.Equal(IpcError.MessageTooLarge, error.Reason);
        await cluster.Sender.SendAsync(new Note("small"), Target.Worker(0));
        Assert.Single(await cluster.Recorder.WaitForAsync(1));
    }

    [Fact]
    public async Task An_event_instead_of_an_action_is_refused_with_the_action()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync();

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => cluster.Sender.SendAsync("PIPE_MESSAGE.test.note", "x").AsTask());

        Assert.Contains("\"test.note\"", error.Message, StringComparison.Ordinal);
    }

    private static async Task SendAsync(IMessageSender sender, string call, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        switch (call)
        {
            case "request":
                await sender.RequestAsync(new Double(1), options: new RequestOptions { Timeout = timeout }, cancellationToken: cancellationToken);
                break;
            case "request to all":
                await foreach (PeerAnswer<Doubled> answer in sender.RequestAllAsync(
                    new Double(1), default, new RequestOptions { Timeout = timeout }, cancellationToken))
                {
                    Assert.Fail($"{answer.Peer} answered before the start.");
                }

                break;
            case "request that may wait for room":
                await sender.RequestAsync(
                    new Double(1), options: new RequestOptions { Timeout = TimeSpan.FromHours(2), SendTimeout = timeout }, cancellationToken: cancellationToken);
                break;
            default:
                await sender.SendAsync(new Note("early"), default, new SendOptions { SendTimeout = timeout }, cancellationToken);
                break;
        }
    }
}
