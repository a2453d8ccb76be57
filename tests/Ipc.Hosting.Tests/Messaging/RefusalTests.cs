using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>A request that nobody here listens to.</summary>
public sealed class RefusalTests
{
    private static readonly PeerId Asker = PeerId.Worker("worker", 1, 1);
    private readonly ScriptedInboundLane _inbox = new(Asker);
    private readonly ScriptedLane _answers = new(Asker, LaneKind.Answer);

    [Fact]
    public async Task A_refused_request_is_finished_when_its_answer_is_published_and_not_before()
    {
        var room = new TaskCompletionSource();
        _answers.OnCommit = _ => room.Task;
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using Dispatcher dispatcher = Create(services, new IpcOptions());

        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, 1));
        await WaitUntil(() => _answers.Timeouts.Count == 1);
        Assert.Equal(1, _inbox.OpenLeases);

        room.SetResult();
        await WaitUntil(() => _inbox.OpenLeases == 0);
        Assert.Single(_answers.Frames);
    }

    [Fact]
    public async Task Refusals_that_wait_for_room_are_bounded_and_the_lane_goes_on_when_one_is_published()
    {
        var room = new TaskCompletionSource();
        _answers.OnCommit = _ => room.Task;
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using Dispatcher dispatcher = Create(services, new IpcOptions { MaxPendingMessages = 16 });

        int consumed = 0;
        while (Deliver(dispatcher, consumed) == FrameDisposition.Consumed)
        {
            Assert.True(++consumed <= 16);
        }

        room.SetResult();
        await WaitUntil(() => _inbox.Resumed > 0 && _inbox.OpenLeases == 0);
        Assert.Equal(FrameDisposition.Consumed, Deliver(dispatcher, consumed));
    }

    [Fact]
    public async Task A_request_whose_call_chain_is_garbage_is_refused_and_its_listener_does_not_run()
    {
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 0);
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        await using Dispatcher dispatcher = Create(services, new IpcOptions(), cluster.Supervisor.Registry);
        byte[] frame = new byte[FrameHeader.Size + sizeof(int) + 1];
        frame[FrameHeader.Size] = 1;
        frame[^1] = 0xc1; // no MessagePack value begins so
        var header = new FrameHeader(FrameKind.Request, FrameFlags.Chain, ActionHash.Compute("test.double"), 1, 0);
        header.Write(frame, frame.Length);

        Assert.Equal(FrameDisposition.Consumed, dispatcher.OnMessage(new InboundFrame(_inbox, frame, 1), header, frame.Length));

        await WaitUntil(() => _answers.Frames.Count == 1 && _inbox.OpenLeases == 0);
        Assert.True(FrameHeader.TryRead(_answers.Frames[0], out FrameHeader answer, out int bodyOffset));
        Assert.Equal(FrameKind.Error, answer.Kind);
        Assert.Equal(IpcError.BadMessage, ReadError(_answers.Frames[0].AsSpan(bodyOffset)));
    }

    private static IpcError ReadError(ReadOnlySpan<byte> body)
    {
        var reader = new Serialization.MessagePackReader(body);
        return RemoteError.Serializer.Read(ref reader).Reason;
    }

    private Dispatcher Create(ServiceProvider services, IpcOptions options, ListenerRegistry? listeners = null)
    {
        ListenerRegistry registry = listeners ?? ListenerRegistry.Create([], ListenerPlaces.Workers);
        var dispatcher = new Dispatcher(
            registry, services, options, hasFilters: false, new IpcMetrics(services.GetRequiredService<IMeterFactory>(), PeerId.Supervisor), NullLogger<Dispatcher>.Instance);
        dispatcher.Answers.Attach(new Cluster(new ScriptedTransport(_answers), registry, options));
        return dispatcher;
    }

    private FrameDisposition Deliver(Dispatcher dispatcher, long correlation)
    {
        var header = new FrameHeader(FrameKind.Request, FrameFlags.None, 1234, correlation, 0);
        byte[] frame = new byte[FrameHeader.Size];
        header.Write(frame, FrameHeader.Size);
        return dispatcher.OnMessage(new InboundFrame(_inbox, frame, correlation), header, FrameHeader.Size);
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
