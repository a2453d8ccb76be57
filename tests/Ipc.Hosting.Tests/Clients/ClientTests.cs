using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Clients;

/// <summary>Programs that join a cluster through its endpoint; the cluster's peers are in the test's process, over the real transport.</summary>
public sealed class ClientTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_asks_workers_and_workers_ask_it_over_rings_or_pipes(bool overPipe)
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe, clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");

        Assert.Equal("worker/1#1 heard hello from client importer#1", await client.Sender.RequestAsync(new ClientAsk("hello"), Target.Worker(1)));
        Assert.Equal("supervisor heard hello from client importer#1", await client.Sender.RequestAsync(new ClientAsk("hello"), Target.Supervisor));
        Assert.Matches("^worker/[01]#1 heard any", await client.Sender.RequestAsync(new ClientAsk("any")));
        Assert.Equal("client importer#1 heard hello from supervisor", await cluster.Sender.RequestAsync(new ClientAsk("hello"), Target.Client("importer")));
        Assert.Equal(
            "client importer#1 heard back from worker/0#1",
            await cluster.Worker(0).GetRequiredService<IMessageSender>().RequestAsync(new ClientAsk("back"), Target.Peer(client.Id)));

        await client.Sender.SendAsync(new ClientNote("to all"));
        Assert.Equal(
            ["worker/0#1 got to all from client importer#1", "worker/1#1 got to all from client importer#1"], (await cluster.Recorder.WaitForAsync(2)).Order(StringComparer.Ordinal));
        await cluster.Sender.SendAsync(new ClientNote("news"), Target.Clients());
        Assert.Equal(["client importer#1 got news from supervisor"], await client.Recorder.WaitForAsync(1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Contracts_and_streams_reach_workers_from_a_client(bool overPipe)
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(overPipe: overPipe, clients: folder.Access, more: b => b.OnWorkers(s => s.AddIpcService<ICounter, Counter>()));
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer", more: s => s.AddIpcProxy<ICounter>(Target.Any("worker")));
        ICounter counter = client.Services.GetRequiredService<ICounter>();

        Assert.Equal(5050, await counter.SumAsync(Enumerable.Range(1, 100).ToAsyncEnumerable()));
        Assert.Equal(Enumerable.Range(1, 1000), await counter.CountAsync(1000).ToListAsync());
    }

    [Fact]
    public async Task An_action_that_does_not_allow_clients_answers_one_that_it_is_not_allowed()
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");

        foreach (Func<Task> call in new Func<Task>[]
        {
            async () => await client.Sender.RequestAsync(new ClientClosed("x"), Target.Worker(0)),
            async () => await client.Sender.SendAsync(new ClientClosed("x"), Target.Worker(0)),
        })
        {
            IpcException error = await Assert.ThrowsAsync<IpcException>(call);
            Assert.Equal(
                (IpcError.NotAllowed, "worker/0#1 does not let clients send to \"client.closed\". Its listener, or contract, has to say AllowClients = true."), (error.Reason, error.Message));
        }

        Assert.Equal(IpcError.NotAllowed, (await Assert.ThrowsAsync<IpcException>(async () => await client.Sender.RequestAsync(new ClientClosed("x")))).Reason);
        Assert.Equal(IpcError.NotAllowed, (await Assert.ThrowsAsync<IpcException>(async () => await client.Sender.SendAsync(new ClientClosed("x"), Target.All))).Reason);

        // Others of the cluster are allowed, and ask the client too.
        Assert.Equal("open for supervisor", await cluster.Sender.RequestAsync(new ClientClosed("x"), Target.Client("importer")));
        Assert.Equal("open for supervisor", await cluster.Sender.RequestAsync(new ClientClosed("x"), Target.Worker(0)));
    }

    [Fact]
    public async Task A_client_that_sends_what_it_may_not_is_refused_by_the_one_it_sends_to()
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "importer");
        Cluster own = client.Peer.Running!;
        PeerInfo worker = own.Transport.Directory.Workers[0];

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await RequestSender.RequestOverNewRouteAsync<TypedBody<ClientClosed>, string>(
            own, worker, "client.closed", ActionHash.Compute("client.closed"), new TypedBody<ClientClosed>(own.Registry.GetSerializer<ClientClosed>(), new ClientClosed("x")),
            null, RequestLimit.Begin(own.Options, null), Retry.None, default));
        Assert.Equal(
            (IpcError.NotAllowed, "worker/0#1 does not let clients send to \"client.closed\". Its listener, or contract, has to say AllowClients = true."), (error.Reason, error.Message));
    }

    [Fact]
    public async Task Several_clients_of_a_name_are_one_target_each_or_all_together()
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 0, clients: folder.Access);
        await using ClientHost first = await ClientHost.StartAsync(folder, "importer");
        await using ClientHost second = await ClientHost.StartAsync(folder, "importer");
        await using ClientHost other = await ClientHost.StartAsync(folder, "exporter");
        await Processes.ClusterProcess.UntilAsync(() => cluster.Transport.Directory.Clients.Count == 3, "the supervisor knows three clients");

        await cluster.Sender.SendAsync(new ClientNote("all"), Target.Clients("importer"));
        Assert.Equal("client importer#1 got all from supervisor", Assert.Single(await first.Recorder.WaitForAsync(1)));
        Assert.Equal("client importer#2 got all from supervisor", Assert.Single(await second.Recorder.WaitForAsync(1)));
        var answered = new HashSet<string>();
        for (int i = 0; i < 2; i++)
        {
            answered.Add((await other.Sender.RequestAsync(new ClientAsk("x"), Target.Client("importer"))).Split(' ')[1]);
        }

        Assert.Equal(["importer#1", "importer#2"], answered.Order(StringComparer.Ordinal));
        Assert.Empty(other.Recorder.Entries);

        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await cluster.Sender.RequestAsync(new ClientAsk("x"), Target.Client("nobody")));
        Assert.Equal((IpcError.NoSuchTarget, "No client \"nobody\" is connected. Connected are: importer, exporter."), (error.Reason, error.Message));
        await cluster.Sender.SendAsync(new ClientNote("x"), Target.Clients("nobody"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await cluster.Sender.RequestAsync(new ClientAsk("x"), Target.Clients()));
    }

    [Fact]
    public async Task Everybody_hears_who_joins_and_who_leaves()
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await using ClientHost first = await ClientHost.StartAsync(folder, "first");
        await Processes.ClusterProcess.UntilAsync(() => first.Presence.Contains("+worker/0#1"), "it hears of the worker");
        await using (await ClientHost.StartAsync(folder, "second"))
        {
            await Processes.ClusterProcess.UntilAsync(() => first.Presence.Contains("+client second#2"), "it hears of the second");
        }

        await Processes.ClusterProcess.UntilAsync(() => first.Presence.Contains("-client second#2"), "it hears that the second has left");
        Assert.Equal(1, first.Presence.Count(line => line == "+supervisor"));
        Assert.DoesNotContain(first.Presence, line => line.Contains("first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_caller_with_a_synchronization_context_resumes_on_it()
    {
        using var folder = new EndpointFolder();
        await using RingCluster cluster = await RingCluster.StartAsync(workers: 1, clients: folder.Access);
        await using ClientHost client = await ClientHost.StartAsync(folder, "desktop");
        using var window = new OneThreadContext();

        int[] threads = await window.RunAsync(async () =>
        {
            var seen = new List<int>();
            await client.Sender.SendAsync(new ClientNote("x"), Target.Worker(0));
            seen.Add(Environment.CurrentManagedThreadId);
            await client.Sender.RequestAsync(new ClientAsk("x"), Target.Worker(0));
            seen.Add(Environment.CurrentManagedThreadId);
            await foreach (PeerAnswer<string> answer in client.Sender.RequestAllAsync(new ClientAsk("x"), Target.All))
            {
                seen.Add(Environment.CurrentManagedThreadId);
            }

            return seen.ToArray();
        });

        Assert.Equal([window.ThreadId, window.ThreadId, window.ThreadId], threads);
    }
}
