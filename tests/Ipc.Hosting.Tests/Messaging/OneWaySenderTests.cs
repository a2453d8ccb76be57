using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

public sealed class OneWaySenderTests
{
    private static readonly ulong Hash = ActionHash.Compute("act");

    [Fact]
    public async Task A_send_whose_lane_does_not_open_fails_with_a_reason_also_when_it_does_not_want_to_wait_for_room()
    {
        var transport = new ScriptedTransport { WhenEmpty = new TaskCompletionSource<OutboundLane>().Task };
        var cluster = new Cluster(transport, ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions { SendTimeout = TimeSpan.Zero });
        var worker = new PeerInfo(PeerId.Worker("worker", 1, 1), IsReady: true, PeerActions.None);

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            () => OneWaySender.OpenAsync(cluster, worker, null, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal(IpcError.InboxFull, error.Reason);
        Assert.Contains("No lane to worker/1#1 could be opened within 00:00:01 (Ipc:SendTimeout or SendOptions.SendTimeout)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_to_any_worker_whose_inbox_is_closed_before_the_directory_says_so_goes_to_another_one()
    {
        PeerInfo closing = Listening(0);
        PeerInfo other = Listening(1);
        var closed = new ScriptedLane(closing.Id, LaneKind.Inbox) { IsClosed = true };
        var open = new ScriptedLane(other.Id, LaneKind.Inbox);
        var transport = new ScriptedTransport(closed, open) { Known = new PeerDirectory([closing, other]) };
        var cluster = new Cluster(transport, ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions());

        await OneWaySender.SendOneAsync(cluster, closing, Hash, 1, Retry.Any, null, new TypedBody<string>(BuiltInSerializers.String, "x"), CancellationToken.None);

        Assert.Equal([closing.Id, other.Id], transport.Remotes);
        Assert.Single(open.Frames);
    }

    [Fact]
    public async Task A_message_to_any_worker_fails_when_every_one_that_was_tried_is_closed()
    {
        PeerInfo[] workers = [Listening(0), Listening(1), Listening(2)];
        ScriptedLane[] lanes = [.. Enumerable.Range(0, 8).Select(i => new ScriptedLane(workers[i % 3].Id, LaneKind.Inbox) { IsClosed = true })];
        var cluster = new Cluster(
            new ScriptedTransport(lanes) { Known = new PeerDirectory(workers) }, ListenerRegistry.Create([], ListenerPlaces.Workers), new IpcOptions());

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => OneWaySender.SendOneAsync(
            cluster, workers[0], Hash, 1, Retry.Any, null, new TypedBody<string>(BuiltInSerializers.String, "x"), CancellationToken.None).AsTask());

        Assert.Equal(IpcError.PeerGone, error.Reason);
    }

    private static PeerInfo Listening(int id) => new(PeerId.Worker("worker", id, 1), IsReady: true, new PeerActions(["act"]));
}
