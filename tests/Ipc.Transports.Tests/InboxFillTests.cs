using Ipc.Transports.Rings;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>What a supervisor can say of inboxes without asking anybody.</summary>
public sealed class InboxFillTests
{
    private const int Size = 1 << 20;
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);

    [Fact]
    public async Task An_inbox_fills_while_nobody_reads_it_and_is_empty_when_its_worker_has_read_all()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { Limits = new TransportLimits { RingSize = Size } });
        supervisor.Transport.AddSlot("worker", 0);
        supervisor.Transport.AddSlot("worker", 1);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        Assert.Equal([(0, 0, 0), (1, 0, 0)], supervisor.Transport.ReadInboxes().Select(i => (i.Worker.WorkerId, i.WaitingBytes, i.Fullest)));

        for (int i = 1; i <= 100; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 1000));
        }

        InboxFill fill = supervisor.Transport.ReadInboxes()[0];
        Assert.Equal(100 * 1008, fill.WaitingBytes); // with the header of each record
        Assert.Equal(fill.WaitingBytes / (double)Size, fill.Fullest);

        int sent = 100;
        while ((await Record.ExceptionAsync(() => lane.SendAsync(Frames.Numbered(sent + 1, 1000), TimeSpan.Zero).AsTask())) is null)
        {
            sent++;
        }

        Assert.InRange(supervisor.Transport.ReadInboxes()[0].Fullest, 0.99, 1);
        var receiver = new TestReceiver();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        for (int i = 1; i <= sent; i++)
        {
            Assert.Equal(i, (await receiver.NextAsync()).Number);
        }

        using var deadline = new CancellationTokenSource(Frames.Patience);
        while (supervisor.Transport.ReadInboxes()[0] is not { WaitingBytes: 0, Fullest: 0 })
        {
            await Task.Delay(5, deadline.Token);
        }
    }

    [Fact]
    public async Task Of_pipes_and_of_ids_that_are_given_up_there_is_nothing_to_say()
    {
        await using var pipes = new TestSupervisor();
        pipes.Transport.AddSlot("worker", 0);
        Assert.Empty(pipes.Transport.ReadInboxes());

        await using var rings = new TestSupervisor(new SupervisorTransportOptions());
        rings.Transport.ExpectWorker(Worker);
        Assert.Single(rings.Transport.ReadInboxes());
        rings.Transport.WorkerExited(Worker, keepInbox: false);
        Assert.Empty(rings.Transport.ReadInboxes());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 63)]
    public void Whatever_a_reader_writes_a_ring_holds_nothing_to_all_of_it(ulong done)
    {
        using RingSegment ring = RingSegment.Create(5, Worker, PeerId.Supervisor, LaneKind.Inbox, new TransportLimits { RingSize = Size });
        ring.Memory.Done = done;
        Assert.InRange(ring.WaitingBytes, 0, Size);
    }
}
