using Ipc.Transports.Broker;
using Ipc.Transports.Control;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Run-time subscriptions over the control connection: when they are known, and what a peer that breaks the rules can do.</summary>
public sealed class SubscriptionTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Other = PeerId.Worker("worker", 1, 1);

    [Fact]
    public async Task Announcing_waits_for_a_peer_that_does_not_read_until_that_one_has_ended()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        using RawPeer stopped = await AdmitAsync(supervisor, Other);

        Task announcing = worker.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask();
        Task fromSupervisor = supervisor.Transport.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask();
        await UntilAsync(() => SubscriptionsOf(supervisor.Transport, Worker) == 1 && SubscriptionsOf(worker, PeerId.Supervisor) == 1);
        Assert.False(announcing.IsCompleted);
        Assert.False(fromSupervisor.IsCompleted);
        using var impatient = new CancellationTokenSource(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => worker.AnnounceAsync([], impatient.Token).AsTask());

        stopped.Dispose();
        await announcing.WaitAsync(Frames.Patience);
        await fromSupervisor.WaitAsync(Frames.Patience);
        await UntilAsync(() => SubscriptionsOf(supervisor.Transport, Worker) == 0); // it is replaced though nobody waited
    }

    [Fact]
    public async Task A_peer_has_1_024_announcements_open_at_most()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        using RawPeer stopped = await AdmitAsync(supervisor, Other);

        Task[] announcing = [.. Enumerable.Range(1, SubscriptionDesk.MaxOpen).Select(i => worker.AnnounceAsync([new TopicSubscription("orders", number: i)], CancellationToken.None).AsTask())];
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => worker.AnnounceAsync([], CancellationToken.None).AsTask().WaitAsync(Frames.Patience));

        Assert.Equal(IpcError.NotAllowed, error.Reason);
        Assert.All(announcing, task => Assert.False(task.IsCompleted));
        stopped.Dispose();
        await Task.WhenAll(announcing).WaitAsync(Frames.Patience);
        await worker.AnnounceAsync([], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
    }

    [Fact]
    public async Task Too_many_subscriptions_are_refused_before_they_are_announced()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        TopicSubscription[] many = [.. Enumerable.Range(1, 1025).Select(i => new TopicSubscription("a", number: i))];
        TopicSubscription[] large = [.. Enumerable.Range(1, 300).Select(i => new TopicSubscription(new string('a', 220), number: i))];
        foreach (Transport transport in new Transport[] { worker, supervisor.Transport })
        {
            Assert.Equal(IpcError.NotAllowed, (await Assert.ThrowsAsync<IpcException>(() => transport.AnnounceAsync(many, CancellationToken.None).AsTask())).Reason);
            Assert.Equal(IpcError.NotAllowed, (await Assert.ThrowsAsync<IpcException>(() => transport.AnnounceAsync(large, CancellationToken.None).AsTask())).Reason);
            await transport.AnnounceAsync(many[..1024], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
        }
    }

    [Fact]
    public async Task Who_waits_when_its_supervisor_stops_is_told()
    {
        var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        using RawPeer stopped = await AdmitAsync(supervisor, Other);
        Task fromSupervisor = supervisor.Transport.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask();
        Task fromWorker = worker.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask();
        await UntilAsync(() => SubscriptionsOf(worker, Worker) == 1);

        await supervisor.DisposeAsync();

        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => fromSupervisor.WaitAsync(Frames.Patience))).Reason);
        Exception? error = await Record.ExceptionAsync(() => fromWorker.WaitAsync(Frames.Patience));
        Assert.True(error is null or IpcException { Reason: IpcError.NotRunning }); // the stopped one's end may be told first
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => supervisor.Transport.AnnounceAsync([], CancellationToken.None).AsTask())).Reason);
    }

    [Theory]
    [InlineData(1, "topic#1:orders", false)] // without its mark
    [InlineData(1, "\u0003topic:orders", false)] // a listener's
    [InlineData(1, "\u0003topic#1:orders..placed", false)]
    [InlineData(2, "\u0003topic#1:orders", false)] // says two
    [InlineData(1, "\u0003topic#1:orders", true)] // something behind it
    [InlineData(0x7FFFFFFF, "\u0003topic#1:orders", false)]
    public async Task Malformed_subscriptions_end_that_peer_s_connection_and_nobody_else_s(uint count, string text, bool more)
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        using RawPeer hostile = await AdmitAsync(supervisor, Other);
        ControlWriter message = new ControlWriter(ControlMessageType.Subscriptions).UInt32(1).UInt32(count).Text(text);
        hostile.Send((more ? message.Byte(0) : message).ToMessage());

        await hostile.WhenClosedAsync().WaitAsync(Frames.Patience);
        await worker.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask().WaitAsync(Frames.Patience);
        Assert.Equal(1, SubscriptionsOf(supervisor.Transport, Worker));
        Assert.Equal(0, SubscriptionsOf(supervisor.Transport, Other));
    }

    [Fact]
    public async Task More_subscriptions_than_a_peer_may_have_end_its_connection()
    {
        await using var supervisor = new TestSupervisor();
        using RawPeer hostile = await AdmitAsync(supervisor, Other);
        ControlWriter message = new ControlWriter(ControlMessageType.Subscriptions).UInt32(1).UInt32(300);
        for (int i = 1; i <= 300; i++)
        {
            message.Text(new TopicSubscription(new string('a', 220), number: i).Text);
        }

        hostile.Send(message.ToMessage());
        await hostile.WhenClosedAsync().WaitAsync(Frames.Patience);
    }

    [Theory]
    [InlineData("\u0003topic:")]
    [InlineData("\u0003topic#1:orders")] // run time has not begun
    public async Task A_greeting_with_malformed_subscriptions_is_refused(string text)
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer hostile = await RawPeer.ConnectAsync(ticket.Endpoint);
        hostile.Send(new Greeting(Worker, Convert.FromHexString(ticket.Secret), [text]).ToMessage());

        await hostile.WhenClosedAsync().WaitAsync(Frames.Patience);
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
    }

    [Fact]
    public async Task Knowing_a_directory_that_was_never_sent_changes_nothing_and_answering_without_being_asked_ends_the_connection()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        using RawPeer hostile = await AdmitAsync(supervisor, Other);
        hostile.Send(new ControlWriter(ControlMessageType.DirectoryKnown).UInt32(uint.MaxValue).ToMessage());
        Task announcing = worker.AnnounceAsync([new TopicSubscription("orders", number: 1)], CancellationToken.None).AsTask();
        hostile.Send(new ControlWriter(ControlMessageType.SubscriptionsKnown).UInt32(1).Boolean(true).ToMessage());

        await hostile.WhenClosedAsync().WaitAsync(Frames.Patience);
        await announcing.WaitAsync(Frames.Patience);
    }

    private static int SubscriptionsOf(Transport transport, PeerId peer) => transport.Directory.Find(peer)!.Actions.Subscriptions.Count;

    /// <summary>A peer that answers nothing.</summary>
    private static async Task<RawPeer> AdmitAsync(TestSupervisor supervisor, PeerId id)
    {
        WorkerTicket ticket = supervisor.Expect(id);
        RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        peer.Send(new Greeting(id, Convert.FromHexString(ticket.Secret), []).ToMessage());
        await supervisor.Events.WaitForAsync($"connected {id}");
        return peer;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }
}
