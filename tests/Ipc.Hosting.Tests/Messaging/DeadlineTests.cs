using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>How long things may take, as callers say it and as frames carry it.</summary>
public sealed class DeadlineTests
{
    private static readonly PeerId Asker = PeerId.Worker("web", 1, 4);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_is_read_after_its_deadline_runs_nothing_wherever_it_would_run(bool inline)
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        var dropped = new List<string>();
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "ipc.messages.undeliverable")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        meter.SetMeasurementEventCallback<long>((_, count, tags, _) => dropped.Add($"{count} {string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}"))}"));
        meter.Start();
        int ran = 0;
        var listener = new ListenerDescriptor<Echo, string, string>(
            "PIPE_MESSAGE.act", BuiltInSerializers.String, BuiltInSerializers.String, _ => new Echo(() => Interlocked.Increment(ref ran))) { Lifetime = ListenerLifetime.Scoped };
        await using var dispatcher = new Dispatcher(
            ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(listener) }], ListenerPlaces.Workers), services, new IpcOptions(), hasFilters: false,
            new IpcMetrics(meters, PeerId.Supervisor), NullLogger<Dispatcher>.Instance);
        var answers = new ScriptedLane(Asker, LaneKind.Answer);
        dispatcher.Answers.Attach(new Cluster(new ScriptedTransport(answers), ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions()));
        var lane = new ScriptedInboundLane(Asker) { RunsInline = inline };

        Deliver(dispatcher, lane, 1, Deadline.After(TimeSpan.FromMinutes(1)));
        await Processes.ClusterProcess.UntilAsync(() => lane.Starts.Count == 1 && Volatile.Read(ref ran) == 1, "the first one runs");
        Deliver(dispatcher, lane, 2, Deadline.After(TimeSpan.FromSeconds(-2)));
        await dispatcher.DrainAsync(Task.CompletedTask, TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(1, ran);
        Assert.Equal(["1 reason=expired ipc.group=supervisor ipc.worker.id=0 messaging.destination.name=act"], dropped);
        Assert.Equal([FrameKind.Response, FrameKind.Error], answers.Frames.Select(frame => FrameHeader.TryRead(frame, out FrameHeader header, out _) ? header.Kind : default));
    }

    [Fact]
    public void A_time_for_sends_is_zero_or_more_and_very_long_ones_are_for_ever()
    {
        var options = new IpcOptions { SendTimeout = TimeSpan.FromSeconds(3) };

        Assert.Equal(TimeSpan.FromSeconds(3), Deadline.SendTimeoutOf(null, options));
        Assert.Equal(TimeSpan.FromSeconds(3), Deadline.SendTimeoutOf(new SendOptions(), options));
        Assert.Equal(TimeSpan.Zero, Deadline.SendTimeoutOf(new SendOptions { SendTimeout = TimeSpan.Zero }, options));
        Assert.Equal(Timeout.InfiniteTimeSpan, Deadline.SendTimeoutOf(new SendOptions { SendTimeout = Timeout.InfiniteTimeSpan }, options));
        Assert.Equal(Timeout.InfiniteTimeSpan, Deadline.SendTimeoutOf(new SendOptions { SendTimeout = TimeSpan.MaxValue }, options));
        Assert.Contains(
            "SendOptions.SendTimeout must be zero or more",
            Assert.Throws<ArgumentOutOfRangeException>(() => Deadline.SendTimeoutOf(new SendOptions { SendTimeout = TimeSpan.FromSeconds(-5) }, options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_deadline_has_passed_when_its_time_is_over_and_none_never_does()
    {
        Assert.False(Deadline.HasPassed(0));
        Assert.False(Deadline.HasPassed(Deadline.After(TimeSpan.FromSeconds(30))));
        Assert.True(Deadline.HasPassed(Deadline.After(TimeSpan.FromSeconds(-2))));
    }

    private static void Deliver(Dispatcher dispatcher, ScriptedInboundLane lane, long correlation, long deadline)
    {
        var header = new FrameHeader(FrameKind.Request, FrameFlags.None, ActionHash.Compute("act"), correlation, deadline);
        byte[] frame = [.. new byte[FrameHeader.Size], .. MessageBody.From("hello").Bytes.Span];
        header.Write(frame, FrameHeader.Size);
        Assert.Equal(FrameDisposition.Consumed, dispatcher.OnMessage(lane.Frame(frame, correlation), header, FrameHeader.Size));
    }

    private sealed class Echo(Action ran) : IListener<string, string>
    {
        public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken)
        {
            ran();
            return new(message);
        }
    }
}
