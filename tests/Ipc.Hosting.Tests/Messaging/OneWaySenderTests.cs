using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Transports;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

public sealed class OneWaySenderTests
{
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
}
