using Ipc.InProcess;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>The in-memory network.</summary>
public sealed class InMemoryTransportTests : TransportConformanceTests
{
    /// <inheritdoc/>
    protected override TestCluster CreateCluster() => new MemoryCluster();

    [Theory]
    [InlineData(LaneKind.Inbox, "The inbox of worker/0#1")]
    [InlineData(LaneKind.Answer, "The answer lane to worker/0#1")]
    public async Task What_waits_for_room_in_a_lane_is_bounded_and_counted_no_more_when_it_has_gone(LaneKind kind, string name)
    {
        const int Size = 99_999;
        PeerId reader = PeerId.Worker("worker", 0, 1);
        var network = new InMemoryNetwork(new TransportLimits { MaxMessageSize = 1 << 20, RingSize = 64 << 10, AnswerRingSize = 64 << 10 });
        Transport supervisor = network.Join(PeerId.Supervisor, PeerActions.None, new TestReceiver());
        var gate = new HeldReceiver();
        network.Join(reader, PeerActions.None, gate.Receiver);
        OutboundLane lane = await supervisor.OpenLaneAsync(reader, kind, default);
        using var cancel = new CancellationTokenSource();

        (List<Task<long>> first, IpcException refused) = Fill(cancel.Token);
        Assert.InRange(first.Count, 40, 43); // 4 MiB, and one that is published
        Assert.Equal(IpcError.InboxFull, refused.Reason);
        Assert.StartsWith($"{name} is full, and about ", refused.Message, StringComparison.Ordinal);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(first).WaitAsync(Frames.Patience));

        (List<Task<long>> second, _) = Fill(CancellationToken.None);
        Assert.Equal(first.Count - 1, second.Count);
        gate.Open();
        await Task.WhenAll(second).WaitAsync(Frames.Patience);

        (List<Task<long>> Sent, IpcException Refused) Fill(CancellationToken cancellationToken)
        {
            var sent = new List<Task<long>>();
            while (sent.Count < 200)
            {
                Task<long> send = lane.SendAsync(Frames.Numbered(sent.Count, Size), cancellationToken: cancellationToken).AsTask();
                if (send.IsFaulted)
                {
                    return (sent, Assert.IsType<IpcException>(send.Exception.InnerException));
                }

                sent.Add(send);
            }

            throw new InvalidOperationException("Nothing bounds what waits.");
        }
    }
}
