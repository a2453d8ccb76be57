using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>What a dispatcher does with messages that come again because the process died that ran their listener.</summary>
public sealed class RedeliveryTests : IAsyncDisposable
{
    private static readonly PeerId Sender = PeerId.Worker("web", 1, 4);
    private readonly Recorder _recorder = new();
    private readonly InProcessCluster.LogSink _log = new();
    private readonly ConcurrentQueue<string?> _deadLettered = new();
    private readonly MeterListener _meters = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public RedeliveryTests()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "ipc.messages.dead_lettered")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, tags, _) => _deadLettered.Enqueue($"{count} {tags[0].Key} {tags[0].Value}"));
        _meters.Start();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_that_comes_again_is_given_to_its_listener_with_its_count_and_may_come_again(bool inline)
    {
        var lane = new ScriptedInboundLane(Sender) { RunsInline = inline, Deliveries = 2 };
        await using Dispatcher dispatcher = Create(Listener("a", redelivery: true));

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane));

        Assert.Equal(["a hello 3"], await _recorder.WaitForAsync(1));
        Assert.Equal([true], lane.Starts);
        Assert.Empty(_deadLettered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_of_a_listener_that_does_not_ask_for_it_starts_without_redelivery(bool inline)
    {
        var lane = new ScriptedInboundLane(Sender) { RunsInline = inline };
        await using Dispatcher dispatcher = Create(Listener("a", redelivery: false));

        Deliver(dispatcher, lane);

        Assert.Equal(["a hello 1"], await _recorder.WaitForAsync(1));
        Assert.Equal([false], lane.Starts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_never_starts_with_redelivery_whatever_else_listens_to_its_action(bool inline)
    {
        var lane = new ScriptedInboundLane(Sender) { RunsInline = inline };
        var answers = new ScriptedLane(Sender, LaneKind.Answer);
        await using Dispatcher dispatcher = Create(
            Listener("a", redelivery: true),
            new ListenerDescriptor<AnsweringListener, string, string>("PIPE_MESSAGE.act", BuiltInSerializers.String, BuiltInSerializers.String, _ => new AnsweringListener()));
        dispatcher.Answers.Attach(new Cluster(new ScriptedTransport(answers), ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions()));

        Deliver(dispatcher, lane, FrameKind.Request);

        await _recorder.WaitForAsync(1);
        Assert.Equal([false], lane.Starts);
    }

    [Fact]
    public async Task A_message_that_has_come_too_often_is_set_aside_and_every_listener_of_the_event_hears_all_about_it()
    {
        var letters = new ConcurrentQueue<(DeadLetter Letter, MessageContext Context)>();
        var lane = new ScriptedInboundLane(Sender) { Deliveries = 3 };
        await using Dispatcher dispatcher = Create(
            Listener("a", redelivery: true, maxDeliveries: 3),
            OnDeadLetter((_, _) => throw new InvalidTimeZoneException(), priority: 1),
            OnDeadLetter((letter, context) => letters.Enqueue((letter, context))));

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane));
        await WaitUntil(() => lane.OpenLeases == 0 && !letters.IsEmpty);

        (DeadLetter letter, MessageContext context) = Assert.Single(letters);
        Assert.Equal((DeadLetterReason.MaxDeliveries, "act", Sender, 77L, 3), (letter.Reason, letter.Action, letter.Sender, letter.MessageId, letter.DeliveryCount));
        Assert.Equal(MessageBody.From("hello").Bytes.ToArray(), letter.Body.ToArray());
        Assert.Equal((DeadLetter.EventName, Sender, 77L, 3), (context.Action, context.Sender, context.MessageId, context.DeliveryCount));
        Assert.Equal(["1 reason MaxDeliveries"], _deadLettered);
        Assert.Single(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains("The message 77 \"act\" from web/1#4 was set aside", StringComparison.Ordinal));
        Assert.Contains(_log.Lines, line => line.EndsWith(nameof(InvalidTimeZoneException), StringComparison.Ordinal));
        Assert.Empty(_recorder.Entries);
        Assert.Equal([false], lane.Starts); // it does not come again, even if the process dies over the event
        await dispatcher.DrainAsync(Task.CompletedTask, TimeSpan.FromSeconds(20), CancellationToken.None); // nothing runs any more
    }

    [Theory]
    [InlineData(null, "1 reason NoListener")]
    [InlineData(false, "1 reason NoRedelivery")]
    public async Task A_message_whose_successor_is_another_program_that_does_not_want_it_is_set_aside(bool? redelivery, string counted)
    {
        var lane = new ScriptedInboundLane(Sender) { Deliveries = 1 };
        await using Dispatcher dispatcher = redelivery is { } asks ? Create(Listener("a", asks)) : Create();

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane));

        Assert.Equal([counted], _deadLettered);
        Assert.Empty(_recorder.Entries);
        Assert.Equal([false], lane.Starts);
        Assert.Equal(0, lane.OpenLeases); // nobody listens to the event: it is finished
        await dispatcher.DrainAsync(Task.CompletedTask, TimeSpan.FromSeconds(20), CancellationToken.None);
    }

    [Fact]
    public async Task Of_several_listeners_only_those_that_ask_for_it_get_a_message_again_and_the_smallest_number_counts()
    {
        var lane = new ScriptedInboundLane(Sender) { Deliveries = 1 };
        await using Dispatcher dispatcher = Create(
            Listener("once", redelivery: false, priority: 2), Listener("thrice", redelivery: true, maxDeliveries: 3), Listener("twice", redelivery: true, maxDeliveries: 2, priority: 1));

        Deliver(dispatcher, lane);

        Assert.Equal(["twice hello 2", "thrice hello 2"], await _recorder.WaitForAsync(2));
        await WaitUntil(() => lane.OpenLeases == 0);
        Assert.Contains(_log.Lines, line => line.Contains("is delivered again, but not to", StringComparison.Ordinal));
        lane.Deliveries = 2;
        Deliver(dispatcher, lane);
        Assert.Equal(["1 reason MaxDeliveries"], _deadLettered);
        Assert.Equal(2, _recorder.Entries.Count);
    }

    [Fact]
    public void A_dead_letter_travels_whole_and_with_members_that_come_later()
    {
        var letter = new DeadLetter(DeadLetterReason.NoListener, "act", Sender, long.MaxValue, 5, new byte[] { 1, 2 });
        byte[] bytes = MessageBody.From(letter, DeadLetter.Serializer).Bytes.ToArray();
        Assert.Equal(0x99, bytes[0]);
        bytes[0] = 0x9A; // one more

        DeadLetter read = DeadLetter.Serializer.ReadBody([.. bytes, 0xC0]);

        Assert.Equal(letter with { Body = default }, read with { Body = default });
        Assert.Equal([1, 2], read.Body.ToArray());
        bytes[0] = 0x98;
        Assert.Throws<MessageFormatException>(() => DeadLetter.Serializer.ReadBody(bytes));
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        _recorder.Dispose();
        await _services.DisposeAsync();
    }

    private static ListenerDescriptor<DelegateListener<DeadLetter>, DeadLetter> OnDeadLetter(Action<DeadLetter, MessageContext> act, int priority = 0) =>
        new(DeadLetter.EventName, DeadLetter.Serializer, _ => new DelegateListener<DeadLetter>(act)) { Priority = priority };

    private static FrameDisposition Deliver(Dispatcher dispatcher, ScriptedInboundLane lane, FrameKind kind = FrameKind.OneWay)
    {
        var header = new FrameHeader(kind, FrameFlags.None, ActionHash.Compute("act"), 77, 0);
        byte[] frame = [.. new byte[FrameHeader.Size], .. MessageBody.From("hello").Bytes.Span];
        header.Write(frame, FrameHeader.Size);
        return dispatcher.OnMessage(lane.Frame(frame, 1), header, FrameHeader.Size);
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private ListenerDescriptor<DelegateListener<string>, string> Listener(string name, bool redelivery, int maxDeliveries = 5, int priority = 0) =>
        new(
            "PIPE_MESSAGE.act", BuiltInSerializers.String, _ => new DelegateListener<string>((text, context) => _recorder.Add($"{name} {text} {context.DeliveryCount}")))
        {
            Redelivery = redelivery,
            MaxDeliveries = maxDeliveries,
            Priority = priority,
        };

    private Dispatcher Create(params ListenerDescriptor[] listeners)
    {
        ListenerRegistry registry = ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(listeners) }], ListenerPlaces.Workers);
        var loggers = LoggerFactory.Create(logging => logging.AddProvider(_log).SetMinimumLevel(LogLevel.Debug));
        return new Dispatcher(
            registry, _services, new IpcOptions(), hasFilters: false, new IpcMetrics(_services.GetRequiredService<IMeterFactory>(), PeerId.Supervisor), loggers.CreateLogger<Dispatcher>());
    }

    private sealed class AnsweringListener : IListener<string, string>
    {
        public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new(message);
    }
}
