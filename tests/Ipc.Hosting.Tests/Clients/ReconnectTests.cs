using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Clients;

/// <summary>What a client's sends, requests and streams come to when its connection ends, and after it.</summary>
public sealed class ReconnectTests
{
    [Fact]
    public async Task A_request_under_way_fails_with_the_reason_and_the_client_joins_the_next_cluster()
    {
        using var folder = new EndpointFolder();
        RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");
        Task<string> asked = client.Sender.RequestAsync(new ClientSlow("x"), Target.Worker(0)).AsTask();
        await cluster.Gates.Started.Task;

        await cluster.DisposeTransportAsync();
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => asked);
        Assert.Equal(IpcError.PeerGone, error.Reason);
        await cluster.DisposeAsync();
        await Processes.ClusterProcess.UntilAsync(() => client.Peer.Absence is not null, "the client knows that it is not connected");
        Assert.Contains(client.Log.Lines, line => line.Contains($"The connection to {folder.Access.SocketPath} has ended", StringComparison.Ordinal));
        ValueTask<string> waiting = client.Sender.RequestAsync(new ClientAsk("meanwhile"), Target.Worker(0));

        await using RingCluster next = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        Assert.Equal("worker/0#1 heard meanwhile from client importer#1", await waiting);
        Assert.Equal("client importer#1 heard x from supervisor", await next.Sender.RequestAsync(new ClientAsk("x"), Target.Client("importer")));
        Assert.Contains("-worker/0#1", client.Presence);
        Assert.Equal(2, client.Presence.Count(line => line == "+worker/0#1"));
    }

    [Fact]
    public async Task A_send_while_there_is_no_connection_waits_as_long_as_it_may_and_says_what_is_missing()
    {
        using var folder = new EndpointFolder();
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");

        IpcException error = await Assert.ThrowsAsync<IpcException>(
            async () => await client.Sender.SendAsync(new ClientNote("x"), Target.All, new SendOptions { SendTimeout = TimeSpan.FromMilliseconds(50) }));
        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.StartsWith($"This client is not connected: the client \"importer\" cannot connect to {folder.Access.SocketPath} (No such file or directory): no cluster has this endpoint open.", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("for 00:00:00.0500000 (SendOptions.SendTimeout, shorter than Ipc:StartTimeout), so nothing was sent.", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, client.Log.Lines.Count(line => line.Contains("Not connected, tried again", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task An_answer_to_somebody_of_the_last_connection_reaches_nobody_of_the_next()
    {
        using var folder = new EndpointFolder();
        RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");
        Task<string> old = cluster.Sender.RequestAsync(new ClientSlow("old"), Target.Client("importer")).AsTask();
        await client.Gates.Started.Task;
        await cluster.DisposeAsync();
        await Assert.ThrowsAsync<IpcException>(() => old);

        // The same names and numbers: a supervisor that waits for its first request's answer from the client importer#1.
        await using RingCluster next = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await client.WhenConnectedAsync();
        Task<string> asked = next.Sender.RequestAsync(new ClientAsk("new"), Target.Client("importer")).AsTask();
        client.Gates.Release.TrySetResult();

        Assert.Equal("client importer#1 heard new from supervisor", await asked);
        await Processes.ClusterProcess.UntilAsync(
            () => client.Log.Lines.Any(line => line.Contains("\"client.slow\"", StringComparison.Ordinal) && line.Contains("The connection to supervisor has ended", StringComparison.Ordinal)),
            $"the old answer is set aside. Log:\n{string.Join('\n', client.Log.Lines)}");
    }

    [Fact]
    public async Task A_client_publishes_where_it_may_and_keeps_its_subscriptions_when_it_joins_again()
    {
        using var folder = new EndpointFolder();
        RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");
        ITopics topics = client.Services.GetRequiredService<ITopics>();
        Assert.Equal(3, await topics.PublishAsync("clients.open", new ClientPublished("hello"))); // the supervisor, the worker, itself
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await topics.PublishAsync("clients.closed", new ClientPublished("hello")));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
        Assert.Equal(0, await topics.PublishAsync("clients.nobody", new ClientPublished("hello")));
        await cluster.Recorder.WaitForAsync(2);

        var heard = new Recorder();
        IAsyncDisposable subscription = await topics.SubscribeAsync<ClientPublished>("run.time", (message, _, _) =>
        {
            heard.Add(message.Text);
            return default;
        });
        Assert.Equal(1, await cluster.Services.GetRequiredService<ITopics>().PublishAsync("run.time", new ClientPublished("first")));
        await heard.WaitForAsync(1);
        await cluster.DisposeAsync();

        await using RingCluster next = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        ITopics theirs = next.Services.GetRequiredService<ITopics>();
        await Processes.ClusterProcess.UntilAsync(
            () => next.Transport.Directory.Clients.Any(c => c.Actions.Subscriptions.Any(s => s.Pattern == "run.time")), "the next cluster knows of the subscription");
        Assert.Equal(1, await theirs.PublishAsync("run.time", new ClientPublished("second")));
        Assert.Equal(["first", "second"], await heard.WaitForAsync(2));
        await subscription.DisposeAsync();
        await Processes.ClusterProcess.UntilAsync(
            () => next.Transport.Directory.Clients.All(c => c.Actions.Subscriptions.All(s => s.Pattern != "run.time")), "the next cluster knows that it has ended");
    }

    [Fact]
    public async Task A_stream_under_way_ends_with_the_reason()
    {
        using var folder = new EndpointFolder();
        RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access, more: b => b.OnWorkers(s => s.AddIpcService<ICounter, Counter>()));
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer", more: s => s.AddIpcProxy<ICounter>(Target.Worker(0)));
        await using IAsyncEnumerator<int> numbers = client.Services.GetRequiredService<ICounter>().CountAsync(int.MaxValue).GetAsyncEnumerator();
        Assert.True(await numbers.MoveNextAsync());

        await cluster.DisposeTransportAsync();
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () =>
        {
            while (await numbers.MoveNextAsync())
            {
            }
        });
        Assert.Equal(IpcError.PeerGone, error.Reason);
        await cluster.DisposeAsync();
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_and_begin_anew_after_a_connection()
    {
        var delay = new Ipc.Clients.ReconnectDelay(TimeSpan.FromMilliseconds(300), new NoChance());

        Assert.Equal([50, 100, 200, 300, 300], Enumerable.Range(0, 5).Select(_ => (int)delay.Next().TotalMilliseconds));
        delay.Reset();
        Assert.Equal(50, delay.Next().TotalMilliseconds);
        Assert.Equal(62.5, new Ipc.Clients.ReconnectDelay(TimeSpan.FromSeconds(1), new FullChance()).Next().TotalMilliseconds);
    }

    private sealed class NoChance : Random
    {
        public override double NextDouble() => 0;
    }

    private sealed class FullChance : Random
    {
        public override double NextDouble() => 1;
    }
}
