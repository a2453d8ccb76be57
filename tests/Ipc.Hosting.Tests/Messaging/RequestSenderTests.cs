using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>How long a request waits for what, and what happens when its lane ends before it was published.</summary>
public sealed class RequestSenderTests
{
    private static readonly PeerId Asked = PeerId.Worker("worker", 1, 1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ScriptedLane _lane = new(Asked, LaneKind.Inbox);
    private readonly ScriptedLane _successor = new(Asked, LaneKind.Inbox);

    [Fact]
    public async Task A_request_waits_for_room_no_longer_than_for_its_answer_and_the_error_says_that_it_was_not_sent()
    {
        _lane.OnCommit = Full;

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => Ask(new ScriptedTransport(), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30)));

        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("was not sent", error.Message, StringComparison.Ordinal);
        Assert.Contains("RequestTimeout", error.Message, StringComparison.Ordinal);
        Assert.InRange(Assert.Single(_lane.Timeouts), TimeSpan.Zero, TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task A_request_that_is_published_when_its_time_is_over_was_sent_and_is_cancelled()
    {
        _lane.OnCommit = async timeout =>
        {
            _lane.OnCommit = null; // the cancel
            await Task.Delay(timeout + TimeSpan.FromMilliseconds(50));
        };

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => Ask(new ScriptedTransport(), TimeSpan.FromMilliseconds(50), Patience));

        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
        using var patience = new CancellationTokenSource(Patience);
        while (_lane.Frames.Count < 2)
        {
            await Task.Delay(1, patience.Token);
        }

        FrameHeader[] sent = [.. _lane.Frames.Select(f => Read(f).Header)];
        Assert.Equal([FrameKind.Request, FrameKind.Cancel], sent.Select(h => h.Kind));
        Assert.Equal(sent[0].Correlation, sent[1].Correlation);
    }

    [Fact]
    public async Task A_request_whose_sending_timeout_is_shorter_fails_with_that_one()
    {
        _lane.OnCommit = Full;

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => Ask(new ScriptedTransport(), TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(50)));

        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Equal(TimeSpan.FromMilliseconds(50), Assert.Single(_lane.Timeouts));
    }

    [Fact]
    public async Task A_request_without_a_timeout_waits_for_room_as_long_as_a_send()
    {
        _lane.OnCommit = Full;

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => Ask(new ScriptedTransport(), Timeout.InfiniteTimeSpan, TimeSpan.FromMilliseconds(20)));

        Assert.Equal(IpcError.InboxFull, error.Reason);
    }

    [Fact]
    public async Task A_request_whose_lane_ends_while_it_waits_for_room_goes_over_the_successors_lane()
    {
        _lane.OnCommit = async _ =>
        {
            await Task.Yield();
            throw ScriptedLane.Gone();
        };
        var published = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _successor.OnCommit = _ =>
        {
            published.SetResult();
            return Task.CompletedTask;
        };

        Task<string> request = Ask(new ScriptedTransport(_successor), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(30));

        await published.Task.WaitAsync(Patience);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => request); // nobody answers
        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("did not answer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_to_one_incarnation_whose_lane_ends_while_it_waits_for_room_fails()
    {
        _lane.OnCommit = async _ =>
        {
            await Task.Yield();
            throw ScriptedLane.Gone();
        };
        var transport = new ScriptedTransport(_successor);

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => Ask(transport, Patience, Patience, mayRetry: false));

        Assert.Equal(IpcError.PeerGone, error.Reason);
        Assert.Empty(_successor.Frames);
    }

    [Fact]
    public async Task The_opening_of_a_lane_to_the_successor_counts_as_waiting_for_the_answer()
    {
        _lane.IsClosed = true;
        var transport = new ScriptedTransport { WhenEmpty = new TaskCompletionSource<OutboundLane>().Task };

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => Ask(transport, TimeSpan.FromMilliseconds(50), Patience).WaitAsync(Patience));

        Assert.Equal(IpcError.Timeout, error.Reason);
        Assert.Contains("was not sent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_outside_of_listeners_carries_no_call_chain_and_one_inside_carries_its_listener()
    {
        await Assert.ThrowsAsync<IpcException>(() => Ask(new ScriptedTransport(), TimeSpan.FromMilliseconds(20), Patience));
        ExecutionContext outside = ExecutionContext.Capture()!;
        var call = new AmbientCall(PeerId.Worker("worker", 0, 1), "outer", PeerId.Supervisor);
        call.Enter(5, null);
        Task<string> inside = Ask(new ScriptedTransport(), TimeSpan.FromMilliseconds(20), Patience);
        call.Leave();
        Task<string> after = Ask(new ScriptedTransport(), TimeSpan.FromMilliseconds(20), Patience);
        ExecutionContext.Restore(outside);
        await Assert.ThrowsAsync<IpcException>(() => inside);
        await Assert.ThrowsAsync<IpcException>(() => after);

        (FrameHeader Header, int BodyOffset, CallChain? Chain)[] requests = [.. _lane.Frames.Select(Read).Where(f => f.Header.Kind == FrameKind.Request)];
        Assert.Equal([FrameHeader.Size, requests[1].BodyOffset, FrameHeader.Size], requests.Select(f => f.BodyOffset));
        Assert.Equal([FrameFlags.None, FrameFlags.Chain, FrameFlags.None], requests.Select(f => f.Header.Flags));
        Assert.Equal("worker/0#1 \"outer\" -> worker/0#1 \"outer\"", requests[1].Chain!.FindCycle(PeerId.Worker("worker", 0, 1), PeerId.Supervisor, 5, "outer"));
    }

    private static (FrameHeader Header, int BodyOffset, CallChain? Chain) Read(byte[] frame)
    {
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        return (header, bodyOffset, FrameEncoder.ReadChain(frame, header, bodyOffset));
    }

    private static async Task Full(TimeSpan timeout)
    {
        await Task.Delay(timeout);
        throw new IpcException(IpcError.InboxFull, "The inbox is full.");
    }

    private Task<string> Ask(Transport transport, TimeSpan timeout, TimeSpan sendTimeout, bool mayRetry = true)
    {
        var cluster = new Cluster(transport, ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions { RequestTimeout = timeout, SendTimeout = sendTimeout });
        Assert.True(BuiltInSerializers.TryGet(typeof(string), out MessageSerializer? serializer));
        return RequestSender.RequestOneAsync<TypedBody<string>, string>(
            cluster,
            new PeerInfo(Asked, IsReady: true, PeerActions.None),
            new OutboundRoute(_lane),
            "test",
            1,
            new TypedBody<string>((MessageSerializer<string>)serializer!, "question"),
            null,
            CancellationToken.None,
            mayRetry ? Retry.SameId : Retry.None).AsTask().WaitAsync(Patience);
    }
}
