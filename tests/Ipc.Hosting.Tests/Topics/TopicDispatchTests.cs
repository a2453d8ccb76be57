using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Topics;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Topics;

/// <summary>What a dispatcher does with messages of topics that are not what they should be.</summary>
public sealed class TopicDispatchTests : IAsyncDisposable
{
    private static readonly PeerId Sender = PeerId.Worker("web", 1, 4);
    private readonly Recorder _recorder = new();
    private readonly InProcessCluster.LogSink _log = new();
    private readonly ConcurrentQueue<string?> _undeliverable = new();
    private readonly MeterListener _meters = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dispatcher _dispatcher;

    public TopicDispatchTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "ipc.messages.undeliverable")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, tags, _) => _undeliverable.Enqueue($"{count} {tags[0].Value}"));
        _meters.Start();
        var table = new ScriptedTable(new ListenerDescriptor<DelegateListener<string>, string>(
            "TOPIC.orders.*", BuiltInSerializers.String, _ => new DelegateListener<string>((text, context) => _recorder.Add($"{context.Topic} {text}"))),
            Crew("jobs"),
            new ListenerDescriptor<DelegateListener<DeadLetter>, DeadLetter>(
                DeadLetter.EventName, DeadLetter.Serializer, _ => new DelegateListener<DeadLetter>((letter, _) => _recorder.Add($"{letter.Reason} {letter.Action} after {letter.DeliveryCount}"))));
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
        _dispatcher = new Dispatcher(
            ListenerRegistry.Create([new IpcWiringOptions { Table = table }], ListenerPlaces.Workers),
            _services,
            new IpcOptions(),
            hasFilters: false,
            new IpcMetrics(meters, PeerId.Supervisor),
            loggers.CreateLogger<Dispatcher>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_does_not_say_its_topic_or_another_one_is_set_aside_and_the_next_one_runs(bool inline)
    {
        var lane = new ScriptedInboundLane(Sender) { RunsInline = inline };
        Deliver(lane, null);
        Deliver(lane, "stock.placed");
        Deliver(lane, "orders.");
        Deliver(lane, "orders.placed");

        Assert.Equal(["orders.placed hello"], await _recorder.WaitForAsync(1));
        Assert.Equal(["1 bad-message", "1 bad-message", "1 bad-message"], _undeliverable);
    }

    [Fact]
    public void What_still_comes_for_a_subscription_that_has_ended_is_counted_and_no_warning()
    {
        var lane = new ScriptedInboundLane(Sender);
        var subscription = new TopicSubscription("stock", number: 3);
        var row = new ListenerDescriptor<DelegateListener<string>, string>("TOPIC.stock", BuiltInSerializers.String, _ => new DelegateListener<string>((_, _) => { }));
        var entry = new ActionEntry(subscription.Action, subscription.ActionHash, [row]) { Subscription = subscription };
        _dispatcher.Subscriptions.Add(entry);
        _dispatcher.Subscriptions.End(entry);

        Deliver(lane, null, subscription.ActionHash);
        Assert.Equal(["1 unsubscribed"], _undeliverable);
        Assert.DoesNotContain(_log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));

        Deliver(lane, null, 7);
        Assert.Equal(["1 unsubscribed", "1 no-listener"], _undeliverable);
    }

    [Theory]
    [InlineData(null, "jobs hello delivery 1")]
    [InlineData("2", "jobs hello delivery 3")]
    [InlineData("3", "MaxDeliveries queue:crew:jobs after 3")]
    [InlineData("2147483648", "jobs hello delivery 1")]
    [InlineData("-1", "jobs hello delivery 1")]
    public async Task A_message_of_a_queue_says_how_often_it_was_delivered_and_is_answered_when_that_was_too_often_too(string? deliveries, string expected)
    {
        var lane = new ScriptedInboundLane(Sender) { RunsInline = true };
        var answers = new ScriptedLane(Sender, LaneKind.Answer);
        _dispatcher.Answers.Attach(new Cluster(new ScriptedTransport(answers), ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions()));

        Deliver(lane, deliveries, new TopicSubscription("jobs", "crew").ActionHash, FrameKind.Request, FrameFlags.NoValue, "ipc-deliveries");

        Assert.Equal([expected], await _recorder.WaitForAsync(1));
        Assert.True(SpinWait.SpinUntil(() => lane.OpenLeases == 0 && answers.Frames.Count == 1, TimeSpan.FromSeconds(20)));
        Assert.True(FrameHeader.TryRead(answers.Frames.Single(), out FrameHeader answer, out _));
        Assert.Equal((FrameKind.Response, 77L), (answer.Kind, answer.Correlation));
        Assert.Equal([false], lane.Starts); // who publishes delivers it again, and nobody else
    }

    [Fact]
    public void Two_classes_of_one_process_cannot_take_turns() => Assert.Contains(
        "both subscribe to \"jobs\" with the queue \"crew\"",
        Assert.Throws<InvalidOperationException>(
            () => ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(Crew("jobs"), Crew("jobs")) }], ListenerPlaces.Workers)).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Only_listeners_to_topics_have_queues()
    {
        Assert.Throws<InvalidOperationException>(() => new ListenerDescriptor<DelegateListener<string>, string>("PIPE_MESSAGE.a", BuiltInSerializers.String, _ => null!) { Queue = "crew" });
        Assert.Throws<ArgumentException>("queue", () => new ListenerDescriptor<DelegateListener<string>, string>("TOPIC.a", BuiltInSerializers.String, _ => null!) { Queue = "a:b" });
    }

    [Fact]
    public void Only_so_many_subscriptions_that_have_ended_are_remembered()
    {
        var table = new SubscriptionTable();
        for (int i = 1; i <= 3_000; i++)
        {
            table.End(new ActionEntry("topic", (ulong)i, []));
        }

        Assert.Equal(1_024, Enumerable.Range(1, 3_000).Count(i => table.HasEnded((ulong)i)));
        Assert.True(table.HasEnded(3_000));
    }

    public async ValueTask DisposeAsync()
    {
        await _dispatcher.DisposeAsync();
        _meters.Dispose();
        _recorder.Dispose();
        await _services.DisposeAsync();
    }

    private ListenerDescriptor<DelegateListener<string>, string> Crew(string topic) =>
        new("TOPIC." + topic, BuiltInSerializers.String, _ => new DelegateListener<string>((text, context) => _recorder.Add($"{context.Topic} {text} delivery {context.DeliveryCount}")))
        {
            Queue = "crew",
            MaxDeliveries = 3,
        };

    private void Deliver(
        ScriptedInboundLane lane, string? header, ulong? hash = null, FrameKind kind = FrameKind.OneWay, FrameFlags flags = FrameFlags.None, string headerName = "ipc-topic")
    {
        using var frame = new PooledBufferWriter();
        FrameEncoder.Write(
            frame,
            new FrameHeader(kind, flags, hash ?? new TopicSubscription("orders.*").ActionHash, 77, 0),
            header is null ? null : new MessageHeaders([new(headerName, header)]),
            new TypedBody<string>(BuiltInSerializers.String, "hello"));
        byte[] bytes = frame.WrittenSpan.ToArray();
        Assert.True(FrameHeader.TryRead(bytes, out FrameHeader read, out int bodyOffset));
        Assert.Equal(FrameDisposition.Consumed, _dispatcher.OnMessage(lane.Frame(bytes, 1), read, bodyOffset));
    }
}
