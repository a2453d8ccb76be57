using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>What becomes of a message when its listener, its bytes, or the log fails: it ends, and its asker hears the reason.</summary>
public sealed class ListenerFailureTests : IAsyncDisposable
{
    private static readonly PeerId Asker = PeerId.Worker("worker", 1, 1);
    private static readonly byte[] Garbage = [0xc1];
    private readonly ScriptedLane _answers = new(Asker, LaneKind.Answer);
    private readonly InProcessCluster.LogSink _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_log_that_throws_keeps_no_message_from_its_end(bool inline, bool undecodable)
    {
        var log = new ThrowingLog();
        var lane = new ScriptedInboundLane(Asker) { RunsInline = inline };
        await using Dispatcher dispatcher = Create(log, Answerer(_ => throw new InvalidOperationException("It failed.")));

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane, FrameKind.Request, undecodable ? Garbage : null));

        RemoteError error = await ReadErrorAsync();
        Assert.Equal(undecodable ? IpcError.BadMessage : IpcError.ListenerFailed, error.Reason);
        await WaitUntil(() => lane.OpenLeases == 0);
        Assert.NotEqual(0, log.Lines);
        await dispatcher.DrainAsync(Task.CompletedTask, TimeSpan.FromSeconds(20), CancellationToken.None);
    }

    [Fact]
    public async Task A_log_that_throws_keeps_nothing_from_being_refused_set_aside_or_left_out()
    {
        var log = new ThrowingLog();
        var again = new List<string>();
        var lane = new ScriptedInboundLane(Asker) { Deliveries = 1 };
        await using Dispatcher dispatcher = Create(log, Listener(_ => again.Add("once"), redelivery: false), Listener(again.Add, redelivery: true));

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane, FrameKind.OneWay));
        await WaitUntil(() => lane.OpenLeases == 0);
        Assert.Equal(["hello"], again);

        lane.Deliveries = 5;
        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane, FrameKind.OneWay));
        lane.Deliveries = 0;
        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, lane, FrameKind.OneWay, action: "unknown"));
        await dispatcher.DrainAsync(Task.CompletedTask, TimeSpan.FromSeconds(20), CancellationToken.None);
        Assert.Equal(0, lane.OpenLeases);
        Assert.Equal(3, log.Lines);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_asker_is_told_of_an_exception_that_throws_when_it_is_read(bool inline)
    {
        var lane = new ScriptedInboundLane(Asker) { RunsInline = inline };
        await using Dispatcher dispatcher = Create(_log, Answerer(_ => throw new Unreadable()));

        Deliver(dispatcher, lane, FrameKind.Request);

        RemoteError error = await ReadErrorAsync();
        Assert.Equal((IpcError.ListenerFailed, typeof(Unreadable).FullName), (error.Reason, error.TypeName));
        Assert.Contains(nameof(InvalidTimeZoneException), error.Message, StringComparison.Ordinal);
        await WaitUntil(() => lane.OpenLeases == 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_listener_whose_own_code_finds_bad_bytes_has_failed_and_its_message_was_none_the_worse(bool inline)
    {
        var lane = new ScriptedInboundLane(Asker) { RunsInline = inline };
        await using Dispatcher dispatcher = Create(_log, Answerer(_ => throw new MessageFormatException("The file is no map.")));

        Deliver(dispatcher, lane, FrameKind.Request);

        RemoteError error = await ReadErrorAsync();
        Assert.Equal(
            (IpcError.ListenerFailed, typeof(MessageFormatException).FullName, "The file is no map."), (error.Reason, error.TypeName, error.Message));
        await WaitUntil(() => lane.OpenLeases == 0);
        Assert.Contains(_log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.EndsWith(nameof(MessageFormatException), StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, line => line.Contains("could not be decoded", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_message_that_cannot_be_decoded_is_no_failure_of_its_listener_also_behind_one_that_was(bool inline)
    {
        var lane = new ScriptedInboundLane(Asker) { RunsInline = inline };
        await using Dispatcher dispatcher = Create(_log, Answerer(_ => throw new MessageFormatException("The file is no map.")));
        Deliver(dispatcher, lane, FrameKind.Request);
        await ReadErrorAsync();
        _answers.Frames.Clear();

        Deliver(dispatcher, lane, FrameKind.Request, Garbage);

        Assert.Equal(IpcError.BadMessage, (await ReadErrorAsync()).Reason);
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(1 << 12)]
    public async Task An_error_that_is_longer_than_a_message_may_be_is_told_in_part(int maxMessageSize)
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(o =>
        {
            o.MaxMessageSize = maxMessageSize;
            o.IncludeRemoteStackTraces = true;
        });
        string reason = new('\u0436', (maxMessageSize / 2) - 50); // two bytes each

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync(new Fail(reason), Target.Worker(0)).AsTask());

        Assert.StartsWith(reason[..100], error.RemoteMessage, StringComparison.Ordinal);
        Assert.Equal(typeof(InvalidTimeZoneException).FullName, error.TypeName);
    }

    [Theory]
    [InlineData(1 << 10)]
    [InlineData(1037)]
    public void An_error_fits_into_the_largest_frame_whatever_its_texts(int maxMessageSize)
    {
        string text = new('\u4e2d', 5000); // three bytes each
        RemoteError error = new RemoteError(IpcError.ListenerFailed, text, text, text).FitInto(maxMessageSize);

        int size = FrameHeader.Size + MessageBody.From(error, RemoteError.Serializer).Bytes.Length;
        Assert.InRange(size, maxMessageSize / 2, maxMessageSize);
        Assert.EndsWith("...", error.Message, StringComparison.Ordinal);
        Assert.Equal(new RemoteError(IpcError.Canceled, null, "short", null), new RemoteError(IpcError.Canceled, null, "short", null).FitInto(maxMessageSize));
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();

    private static FrameDisposition Deliver(Dispatcher dispatcher, ScriptedInboundLane lane, FrameKind kind, byte[]? body = null, string action = "act")
    {
        var header = new FrameHeader(kind, FrameFlags.None, ActionHash.Compute(action), 7, 0);
        byte[] frame = [.. new byte[FrameHeader.Size], .. body ?? MessageBody.From("hello").Bytes.ToArray()];
        header.Write(frame, FrameHeader.Size);
        return dispatcher.OnMessage(lane.Frame(frame, 1), header, FrameHeader.Size);
    }

    private static ListenerDescriptor<DelegateAnswerer, string, string> Answerer(Func<string, string> answer) =>
        new("PIPE_MESSAGE.act", BuiltInSerializers.String, BuiltInSerializers.String, _ => new DelegateAnswerer(answer));

    private static ListenerDescriptor<DelegateListener<string>, string> Listener(Action<string> act, bool redelivery) =>
        new("PIPE_MESSAGE.act", BuiltInSerializers.String, _ => new DelegateListener<string>((text, _) => act(text))) { Redelivery = redelivery };

    private static async Task WaitUntil(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private Dispatcher Create(ILoggerProvider log, params ListenerDescriptor[] listeners)
    {
        ListenerRegistry registry = ListenerRegistry.Create([new IpcWiringOptions { Table = new ScriptedTable(listeners) }], ListenerPlaces.Workers);
        ILoggerFactory loggers = LoggerFactory.Create(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Debug));
        var dispatcher = new Dispatcher(
            registry, _services, new IpcOptions(), hasFilters: false, new IpcMetrics(_services.GetRequiredService<IMeterFactory>(), PeerId.Supervisor), loggers.CreateLogger<Dispatcher>());
        dispatcher.Answers.Attach(new Cluster(new ScriptedTransport(_answers), registry, new IpcOptions()));
        return dispatcher;
    }

    private async Task<RemoteError> ReadErrorAsync()
    {
        await WaitUntil(() => _answers.Frames.Count == 1);
        byte[] frame = _answers.Frames[0];
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        Assert.Equal((FrameKind.Error, 7L), (header.Kind, header.Correlation));
        return RemoteError.Serializer.ReadBody(frame.AsSpan(bodyOffset));
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new InvalidTimeZoneException();
    }
}
