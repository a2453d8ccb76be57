using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>What traces tell about messages, over every transport; what needs several processes is in <c>TelemetryProcessTests</c>.</summary>
[Collection(nameof(Alone))]
public sealed class TracingTests
{
    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task A_request_its_listener_and_what_that_sends_form_one_trace(ClusterKind kind)
    {
        await using var cluster = await AnyCluster.StartAsync(kind);
        using var log = new ActivityLog();

        Assert.Equal("arrived", await cluster.Sender.RequestAsync(new HopB(["1:a"]), Target.Worker(0)));

        List<Activity> all = await log.WaitForAsync(4);
        Assert.Equal(["request test.hop.b", "process test.hop.b", "request test.hop.a", "process test.hop.a"], all.Select(a => a.DisplayName));
        Assert.Equal([ActivityKind.Client, ActivityKind.Server, ActivityKind.Client, ActivityKind.Server], all.Select(a => a.Kind));
        Assert.Single(all.Select(a => a.TraceId).Distinct());
        Assert.Equal(default, all[0].ParentSpanId);
        Assert.Equal(all[..3].Select(a => a.SpanId), all[1..].Select(a => a.ParentSpanId));
        Assert.Equal([false, true, false, true], all.Select(a => a.HasRemoteParent));
        Assert.All(all, a => Assert.Equal(ActivityStatusCode.Unset, a.Status));
        Assert.Equal(
            ["messaging.system=ipc", "messaging.operation.name=process", "messaging.operation.type=process", "messaging.destination.name=test.hop.b", "ipc.group=worker", "ipc.worker.id=0", "ipc.sender=supervisor"],
            all[1].TagObjects.Select(t => $"{t.Key}={t.Value}"));
        Assert.Equal(
            ["messaging.operation.name=request", "messaging.operation.type=send", "messaging.destination.name=test.hop.a", "ipc.group=worker", "ipc.worker.id=0", "ipc.target=worker worker/1"],
            all[2].TagObjects.Skip(1).Select(t => $"{t.Key}={t.Value}"));
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task A_message_to_all_is_sent_once_and_handled_by_each_as_a_child_of_that(ClusterKind kind)
    {
        await using var cluster = await AnyCluster.StartAsync(kind);
        using var log = new ActivityLog();

        await cluster.Sender.SendAsync(new Probe(1), Target.Group("worker"));

        List<Activity> all = await log.WaitForAsync(3);
        Activity sent = Assert.Single(all, a => a.Kind == ActivityKind.Producer);
        Activity[] handled = [.. all.Where(a => a.Kind == ActivityKind.Consumer)];
        Assert.All(handled, a => Assert.Equal((sent.TraceId, sent.SpanId), (a.TraceId, a.ParentSpanId)));
        Assert.Equal([0, 1], handled.Select(a => (int)a.GetTagItem("ipc.worker.id")!).Order());
    }

    [Fact]
    public async Task A_published_message_is_one_trace_that_is_named_by_the_subscription_and_says_its_topic()
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using var log = new ActivityLog();

        await cluster.Services.GetRequiredService<ITopics>().PublishAsync("orders.traced", new Topics.Happening(1));

        List<Activity> all = await log.WaitForAsync(3);
        Activity sent = Assert.Single(all, a => a.Kind == ActivityKind.Producer);
        Activity[] handled = [.. all.Where(a => a.Kind == ActivityKind.Consumer)];
        Assert.Equal("send topic:orders.*", sent.DisplayName);
        Assert.All(handled, a => Assert.Equal((sent.TraceId, sent.SpanId, "process topic:orders.*"), (a.TraceId, a.ParentSpanId, a.DisplayName)));
        Assert.All(all, a => Assert.Equal("orders.traced", a.GetTagItem("ipc.topic")));
        Assert.Null(sent.GetTagItem("ipc.target"));
    }

    [Fact]
    public async Task A_listener_that_fails_marks_its_activity_and_that_of_who_asked()
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using var log = new ActivityLog();

        await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail("no"), Target.Worker(0)).AsTask());

        List<Activity> all = await log.WaitForAsync(2);
        Assert.All(all, a => Assert.Equal(ActivityStatusCode.Error, a.Status));
        Assert.Equal(["ListenerFailed", "System.InvalidTimeZoneException"], all.Select(a => a.GetTagItem("error.type")));
        Assert.Equal("exception", Assert.Single(all[1].Events).Name);
    }

    [Fact]
    public async Task A_send_that_fails_marks_its_activity()
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using var log = new ActivityLog();

        await Assert.ThrowsAsync<IpcException>(() => cluster.Sender.SendAsync(new Unheard("x"), Target.Worker(0)).AsTask());

        Activity sent = Assert.Single(await log.WaitForAsync(1));
        Assert.Equal((ActivityStatusCode.Error, "NoListener"), (sent.Status, sent.GetTagItem("error.type")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nothing_of_a_trace_is_left_for_the_next_message_or_for_who_sent_it(bool late)
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using var log = new ActivityLog();
        var found = new List<(int Number, ActivityTraceId Trace)>();
        cluster.Gates.OnProbe = async (probe, _) =>
        {
            if (late)
            {
                await Task.Yield();
            }

            found.Add((probe.Number, Activity.Current!.TraceId));
        };
        using (var outer = new Activity("outer").Start())
        {
            await cluster.Sender.RequestAsync(new Probe(0), Target.Worker(0));
            Assert.Same(outer, Activity.Current);
            await cluster.Sender.SendAsync(new Probe(1), Target.Worker(0));
            Assert.Same(outer, Activity.Current);
        }

        for (int i = 2; i < 20; i++)
        {
            await cluster.Sender.RequestAsync(new Probe(i), Target.Worker(0));
            Assert.Null(Activity.Current);
        }

        Assert.Equal(Enumerable.Range(0, 20), found.Select(f => f.Number));
        Assert.Equal(found[0].Trace, found[1].Trace);
        Assert.Equal(19, found.Select(f => f.Trace).Distinct().Count());
    }

    [Fact]
    public async Task Where_nobody_listens_to_the_source_a_trace_goes_on_through_a_listener_and_messages_outside_of_one_have_none()
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        var found = new List<Activity?>();
        cluster.Gates.OnProbe = (_, _) =>
        {
            found.Add(Activity.Current);
            return default;
        };
        await cluster.Sender.RequestAsync(new Probe(0), Target.Worker(0));
        using (var outer = new Activity("outer").Start())
        {
            await cluster.Sender.RequestAsync(new Probe(1), Target.Worker(0));
            await cluster.Sender.RequestAsync(new Probe(2), Target.Worker(0));
            Assert.Equal((outer.TraceId, outer.SpanId), (found[1]!.TraceId, found[1]!.ParentSpanId));
            Assert.NotSame(found[1], found[2]);
        }

        await cluster.Sender.RequestAsync(new Probe(3), Target.Worker(0));
        Assert.Null(found[0]);
        Assert.Null(found[3]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_state_of_a_trace_and_baggage_travel_with_it_beside_the_senders_own_headers(bool listens)
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using ActivityLog? log = listens ? new ActivityLog() : null;
        var found = new List<string>();
        cluster.Gates.OnProbe = (_, context) =>
        {
            Activity now = Activity.Current!;
            found.Add($"{now.TraceStateString} {string.Join(' ', now.Baggage.Select(b => $"{b.Key}={b.Value}"))} {string.Join(' ', context.Headers.Keys.Order(StringComparer.Ordinal))}");
            return default;
        };
        using var outer = new Activity("outer");
        outer.TraceStateString = "vendor=1";
        outer.AddBaggage("tenant", "a b").AddBaggage("user", "7");
        outer.Start();

        await cluster.Sender.RequestAsync(
            new Probe(1), Target.Worker(0), new RequestOptions { Headers = new MessageHeaders([new("own", "1"), new("tracestate", "mine")]) });
        await cluster.Sender.RequestAsync(new Probe(2), Target.Worker(0));

        string baggage = string.Join(' ', outer.Baggage.Select(b => $"{b.Key}={b.Value}"));
        Assert.Equal([$"mine {baggage} baggage own tracestate", $"vendor=1 {baggage} baggage tracestate"], found);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Code_that_listens_and_throws_keeps_no_message_from_its_listener(bool atStart)
    {
        await using var cluster = await AnyCluster.StartAsync(ClusterKind.Rings);
        using var broken = new ActivityListener
        {
            ShouldListenTo = source => source.Name == IpcDiagnostics.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = atStart ? _ => throw new InvalidOperationException("started") : null,
            ActivityStopped = _ => throw new InvalidOperationException("stopped"),
            ExceptionRecorder = (_, _, ref _) => throw new InvalidOperationException("failed"),
        };
        ActivitySource.AddActivityListener(broken);

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(i, (await cluster.Sender.RequestAsync(new Probe(i), Target.Worker(0))).Number);
            Assert.Equal("no", (await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail("no"), Target.Worker(0)).AsTask())).RemoteMessage);
        }
    }
}
