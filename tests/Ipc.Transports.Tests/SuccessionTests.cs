using Ipc.Transports.Control;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Workers that make place for a successor that was started beside them, for a standby, or for nobody.</summary>
public sealed class SuccessionTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Successor = Worker with { Incarnation = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_held_successor_gets_nothing_while_its_predecessor_works_and_then_the_inbox(bool shared)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = shared });
        var held = new HeldReceiver();
        await using WorkerTransport first = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), held.Receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));
        await held.Held.WaitAsync(Frames.Patience);
        var receiver = new TestReceiver();
        var events = new WorkerEvents();
        await using WorkerTransport second = await supervisor.ConnectAsync(Successor, Hold(supervisor, Successor), receiver, events);
        Assert.True(second.IsHeld);
        await second.ReportReadyAsync(default);
        Assert.Equal(Worker, supervisor.Transport.Directory.Find(Worker)!.Id);

        Task left = supervisor.Transport.LeaveAsync(Worker);
        Assert.Equal(shared, left.IsCompleted); // a pipe ends with its reader, a ring does not
        ValueTask<OutboundLane> next = supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        if (!shared)
        {
            IpcException moved = Assert.Throws<IpcException>(() => { lane.BeginFrame(); });
            Assert.Equal(IpcError.PeerGone, moved.Reason);
            held.Open();
            await left.WaitAsync(Frames.Patience);
            Assert.Equal(1, (await held.Receiver.NextAsync()).Number);
            Assert.False(next.IsCompleted);
        }

        await first.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        Assert.True(supervisor.Transport.GiveId(Successor, Successor));

        Assert.Equal(Successor, await events.Id.Task.WaitAsync(Frames.Patience));
        await (await next.AsTask().WaitAsync(Frames.Patience)).SendAsync(Frames.Numbered(2, 100));
        if (shared)
        {
            Assert.Equal(1, (await receiver.NextAsync()).Number); // it had not been taken
        }

        Assert.Equal(2, (await receiver.NextAsync()).Number);
        await supervisor.Receiver.WhenDirectoryAsync(d => d.Find(Worker) is { IsReady: true, Id.Incarnation: 2 });
        Assert.Contains($"ready without an id {Successor}", supervisor.Events.Log);
        Assert.Contains($"ready {Successor}", supervisor.Events.Log);
    }

    [Fact]
    public async Task A_standby_becomes_the_worker_that_it_is_told_and_may_say_before_that_it_cannot_go_on_without()
    {
        await using var supervisor = new TestSupervisor();
        PeerId standby = PeerId.Standby("worker", 7);
        supervisor.Transport.AddSlot("worker", 0);
        var events = new WorkerEvents();
        await using WorkerTransport worker = await supervisor.ConnectAsync(standby, Hold(supervisor, standby), events: events);
        Assert.Equal(standby, worker.Self);
        worker.RequestId();
        Assert.True(SpinWait.SpinUntil(() => supervisor.Events.Log.Contains($"wants its id {standby}"), Frames.Patience));

        Assert.True(supervisor.Transport.GiveId(standby, Worker));

        Assert.Equal(Worker, await events.Id.Task.WaitAsync(Frames.Patience));
        Assert.Equal(Worker, worker.Self);
        await worker.ReportReadyAsync(default);
        Assert.True(supervisor.Transport.Directory.Find(Worker)!.IsReady);
        Assert.False(supervisor.Transport.GiveId(standby, Worker with { WorkerId = 1 }));
    }

    [Fact]
    public async Task Who_is_held_and_ends_leaves_the_worker_that_it_was_to_succeed_as_it_was()
    {
        await using var supervisor = new TestSupervisor();
        var receiver = new TestReceiver();
        await using WorkerTransport first = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        await first.ReportReadyAsync(default);
        WorkerTransport second = await supervisor.ConnectAsync(Successor, Hold(supervisor, Successor));
        await second.DisposeAsync();
        supervisor.Transport.WorkerExited(Successor, keepInbox: true);

        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));

        Assert.Equal(1, (await receiver.NextAsync()).Number);
        Assert.True(supervisor.Transport.Directory.Find(Worker) is { IsReady: true, Id.Incarnation: 1 });
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => supervisor.Transport.GiveId(Successor, Successor));
        Assert.Equal($"{Worker} is still connected: report its exit before {Successor} takes over.", error.Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_worker_id_that_is_taken_away_is_no_target_any_more_and_reads_its_inbox_to_the_end(bool shared)
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = shared });
        var held = new HeldReceiver();
        var events = new WorkerEvents();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), held.Receiver, events);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        for (int i = 1; i <= 3; i++)
        {
            await lane.SendAsync(Frames.Numbered(i, 101));
        }

        await held.Held.WaitAsync(Frames.Patience);

        supervisor.Transport.Close(Worker, TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), await events.Stop.Task.WaitAsync(Frames.Patience));
        Assert.Empty(supervisor.Transport.Directory.Workers);
        Assert.True(supervisor.Transport.Directory.Find(Worker)!.IsClosing);
        Assert.False(events.InboxRead.Task.IsCompleted);
        await AssertGoneAsync(async () => await lane.SendAsync(Frames.Numbered(4, 101)));
        await AssertGoneAsync(async () => await (await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default)).SendAsync(Frames.Numbered(4, 101)));
        held.Open();
        await events.InboxRead.Task.WaitAsync(Frames.Patience);
        for (int i = 1; i <= 3; i++)
        {
            Assert.Equal(i, (await held.Receiver.NextAsync()).Number);
        }

        Assert.False(held.Receiver.TryNext(out _));
        supervisor.Transport.WorkerExited(Worker, keepInbox: false);
        Assert.Equal(Worker, (await supervisor.Receiver.NextGoneAsync()).Reader);
        Assert.False(supervisor.Events.TryNextLost(out _));

        // The id may come back, and is another incarnation then.
        var receiver = new TestReceiver();
        await using WorkerTransport again = await supervisor.ConnectAsync(Successor, supervisor.Expect(Successor), receiver);
        await (await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default)).SendAsync(Frames.Numbered(5, 101));
        Assert.Equal(5, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Of_a_cluster_that_stops_nobody_is_a_target_and_what_is_on_its_way_still_arrives()
    {
        await using var supervisor = new TestSupervisor();
        var receiver = new TestReceiver();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        supervisor.Transport.AddSlot("worker", 1);

        supervisor.Transport.StopAccepting();

        Assert.Empty(supervisor.Transport.Directory.Workers);
        await lane.SendAsync(Frames.Numbered(1, 100));
        Assert.Equal(1, (await receiver.NextAsync()).Number);
        await AssertGoneAsync(async () => await supervisor.Transport.OpenLaneAsync(Worker with { WorkerId = 1 }, LaneKind.Inbox, default));
    }

    [Fact]
    public async Task Of_a_cluster_that_stops_a_successor_is_no_target_either_and_reads_what_its_predecessor_left()
    {
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = true });
        var held = new HeldReceiver();
        await using WorkerTransport first = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), held.Receiver);
        OutboundLane lane = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        await lane.SendAsync(Frames.Numbered(1, 100));
        await held.Held.WaitAsync(Frames.Patience);
        var receiver = new TestReceiver();
        await using WorkerTransport second = await supervisor.ConnectAsync(Successor, Hold(supervisor, Successor), receiver);
        await second.ReportReadyAsync(default);
        _ = supervisor.Transport.LeaveAsync(Worker);

        supervisor.Transport.StopAccepting();
        supervisor.Transport.Close(Worker, Frames.Patience);
        await first.DisposeAsync();
        supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        Assert.True(supervisor.Transport.GiveId(Successor, Successor));

        Assert.Empty(supervisor.Transport.Directory.Workers);
        Assert.Equal(1, (await receiver.NextAsync()).Number);
    }

    [Fact]
    public async Task Who_is_held_may_say_nothing_but_that_it_is_ready_or_wants_its_id()
    {
        await using var supervisor = new TestSupervisor();
        PeerId standby = PeerId.Standby("worker", 1);
        WorkerTicket ticket = Hold(supervisor, standby);
        using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        peer.Send(new Greeting(standby, Convert.FromHexString(ticket.Secret), []).ToMessage());

        peer.Send(new ControlWriter(ControlMessageType.OpenLane).UInt32(1).Peer(PeerId.Supervisor).Byte(0).ToMessage());

        Assert.True(SpinWait.SpinUntil(() => supervisor.Events.Log.Contains($"disconnected {standby}"), Frames.Patience));
    }

    private static WorkerTicket Hold(TestSupervisor supervisor, PeerId worker)
    {
        WorkerTicket ticket = supervisor.Transport.ExpectHeld(worker);
        supervisor.Transport.SetProcessId(worker, Environment.ProcessId);
        return ticket;
    }

    private static async Task AssertGoneAsync(Func<Task> send)
    {
        IpcException error = await Assert.ThrowsAsync<IpcException>(send);
        Assert.Equal(IpcError.PeerGone, error.Reason);
    }
}
