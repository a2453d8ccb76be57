using System.Net.Sockets;
using System.Threading.Channels;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests;

/// <summary>Clients join and leave at the endpoint with a path; who may not, does not.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ClientTransportTests
{
    private static readonly PeerCredentials Stranger = new(4711, 54321, 54321);

    [Fact]
    public async Task Clients_join_and_leave_and_everybody_sees_it()
    {
        await using var endpoint = new ClientEndpointFixture();
        var seen = new TestReceiver();
        await using WorkerTransport worker = await endpoint.StartWorkerAsync(seen);
        ClientTransport first = await endpoint.JoinAsync("importer", actions: ["news"]);
        await using ClientTransport second = await endpoint.JoinAsync("importer");

        Assert.Equal((PeerId.Client("importer", 1), PeerId.Client("importer", 2)), (first.Self, second.Self));
        PeerDirectory directory = await seen.WhenDirectoryAsync(d => d.Find(second.Self) is { IsReady: true });
        Assert.Equal(["news"], directory.Find(first.Self)!.Actions.Names);
        Assert.Equal([worker.Self], directory.Workers.Select(w => w.Id));

        await first.DisposeAsync();
        directory = await seen.WhenDirectoryAsync(d => d.Find(first.Self) is null);
        Assert.NotNull(directory.Find(second.Self));
        await endpoint.Supervisor.Events.WaitForAsync($"left {first.Self}");
        Assert.Contains($"joined {first.Self} of {Environment.ProcessId}", endpoint.Supervisor.Events.Log);
    }

    [Fact]
    public async Task Who_comes_before_the_worker_ids_are_there_waits_for_them()
    {
        await using var endpoint = new ClientEndpointFixture(accepts: false);
        Task<ClientTransport> joining = endpoint.JoinAsync("early");
        using RawPeer queued = await RawPeer.ConnectAsync(endpoint.Access.SocketPath); // behind it
        endpoint.Supervisor.Transport.AddSlot("worker", 0);
        Assert.False(joining.IsCompleted);

        endpoint.Supervisor.Transport.AcceptClients();
        await using ClientTransport client = await joining;
        Assert.Single(client.Directory.GetGroup("worker"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Frames_go_both_ways_over_rings_or_pipes(bool useSharedMemory)
    {
        await using var endpoint = new ClientEndpointFixture(useSharedMemory);
        var (atWorker, atClient) = (new TestReceiver(), new TestReceiver());
        await using WorkerTransport worker = await endpoint.StartWorkerAsync(atWorker);
        await using ClientTransport client = await endpoint.JoinAsync("importer", atClient);
        LaneBacking backing = useSharedMemory ? LaneBacking.SharedMemory : LaneBacking.Pipe;

        OutboundLane there = await client.OpenLaneAsync(worker.Self, LaneKind.Inbox, CancellationToken.None);
        await there.SendAsync(Frames.Numbered(1, 1000));
        ReceivedFrame frame = await atWorker.NextAsync();
        Assert.Equal((1, client.Self, backing), (Frames.NumberOf(frame.Bytes), frame.Lane.Remote, there.Backing));

        OutboundLane back = await worker.OpenLaneAsync(client.Self, LaneKind.Inbox, CancellationToken.None);
        await back.SendAsync(Frames.Numbered(2, 100_000));
        Assert.Equal(Frames.Numbered(2, 100_000), (await atClient.NextAsync()).Bytes);
        Assert.Equal(backing, back.Backing);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_sends_to_a_client_that_leaves_is_told_and_its_memory_is_given_back(bool useSharedMemory)
    {
        await using var endpoint = new ClientEndpointFixture(useSharedMemory);
        var atWorker = new TestReceiver();
        await using WorkerTransport worker = await endpoint.StartWorkerAsync(atWorker);
        long before = endpoint.Supervisor.Transport.SharedMemoryInUse;
        ClientTransport client = await endpoint.JoinAsync("importer");
        OutboundLane lane = await worker.OpenLaneAsync(client.Self, LaneKind.Inbox, CancellationToken.None);
        OutboundLane there = await client.OpenLaneAsync(worker.Self, LaneKind.Inbox, CancellationToken.None);
        await there.SendAsync(Frames.Numbered(1, 100));
        await atWorker.NextAsync();

        await client.DisposeAsync();
        ReaderGone gone = await atWorker.NextGoneAsync();
        Assert.Equal((lane, client.Self, false), (gone.Lane, gone.Reader, gone.InboxKept));
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await worker.OpenLaneAsync(client.Self, LaneKind.Inbox, CancellationToken.None));
        Assert.Equal((IpcError.PeerGone, "client importer#1 has left."), (error.Reason, error.Message));
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (endpoint.Supervisor.Transport.SharedMemoryInUse != before)
        {
            await Task.Delay(1, patience.Token); // its lane to the worker goes when that one has read it to the end
        }
    }

    [Fact]
    public async Task A_client_is_told_when_the_endpoint_closes_and_the_socket_goes_with_it()
    {
        var endpoint = new ClientEndpointFixture();
        var events = new ClientEvents();
        await using ClientTransport client = await endpoint.JoinAsync("importer", events: events);
        Assert.True(File.Exists(endpoint.Access.SocketPath));

        await endpoint.Supervisor.Transport.DisposeAsync();
        Assert.NotEmpty(await events.Ended);
        IpcException lost = await Assert.ThrowsAsync<IpcException>(async () => await client.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, CancellationToken.None));
        Assert.Equal(IpcError.PeerGone, lost.Reason);
        Assert.False(File.Exists(endpoint.Access.SocketPath));
        await endpoint.DisposeAsync();

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => endpoint.JoinAsync("importer"));
        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.StartsWith($"the client \"importer\" cannot connect to {endpoint.Access.SocketPath} (No such file or directory): no cluster", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clients_beyond_the_most_are_refused_with_the_number_until_one_leaves()
    {
        await using var endpoint = new ClientEndpointFixture(access: new ClientAccess { SocketPath = "", MaxClients = 1 });
        ClientTransport first = await endpoint.JoinAsync("a");
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => endpoint.JoinAsync("b"));
        Assert.Equal((IpcError.NotAllowed, "The endpoint refused the client \"b\": it has 1 clients, and takes no more (Ipc:Clients:Max)."), (error.Reason, error.Message));

        await first.DisposeAsync();
        await endpoint.Supervisor.Events.WaitForAsync($"left {first.Self}");
        await using ClientTransport second = await endpoint.JoinAsync("b");
    }

    [Fact]
    public async Task Clients_whose_actions_would_make_the_directory_too_long_are_refused_until_others_leave_and_workers_go_on()
    {
        await using var endpoint = new ClientEndpointFixture();
        var atWorker = new TestReceiver();
        await using WorkerTransport worker = await endpoint.StartWorkerAsync(atWorker);
        var clients = new List<ClientTransport>();
        IpcException? error = null;
        for (int i = 0; i < 20 && error is null; i++)
        {
            string[] actions = [.. Enumerable.Range(0, 60).Select(n => $"{i}-{n}-{new string('x', 3_900)}")];
            error = await Record.ExceptionAsync(async () => clients.Add(await endpoint.JoinAsync($"c{i}", actions: actions))) as IpcException;
        }

        Assert.Equal(IpcError.NotAllowed, error?.Reason);
        Assert.Contains("all clients together have 1048576", error!.Message, StringComparison.Ordinal);
        Assert.Equal(clients.Count, (await atWorker.WhenDirectoryAsync(d => d.Clients.Count == clients.Count)).Clients.Count);
        await clients[0].DisposeAsync();
        await endpoint.Supervisor.Events.WaitForAsync($"left {clients[0].Self}");
        await using ClientTransport next = await endpoint.JoinAsync("next", actions: [.. Enumerable.Range(0, 50).Select(n => $"{n}-{new string('y', 3_900)}")]);
        foreach (ClientTransport client in clients)
        {
            await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("not a name")]
    [InlineData("..")]
    [InlineData("a/b")]
    public async Task A_name_that_is_none_is_refused_on_both_ends(string name)
    {
        await using var endpoint = new ClientEndpointFixture();
        await Assert.ThrowsAsync<ArgumentException>(() => endpoint.JoinAsync(name));

        using RawPeer peer = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);
        peer.Send(new Greeting(PeerId.Client(name, 0), new byte[ControlProtocol.SecretSize], []).ToMessage());
        await peer.WhenClosedAsync();
        await using ClientTransport client = await endpoint.JoinAsync("importer");
    }

    [Fact]
    public async Task Garbage_silence_and_workers_are_turned_away_and_the_endpoint_goes_on()
    {
        await using var endpoint = new ClientEndpointFixture(limits: new TransportLimits { HandshakeTimeout = TimeSpan.FromMilliseconds(300) });
        using RawPeer garbage = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);
        garbage.Send([.. Enumerable.Repeat((byte)0xEE, 64)]);
        using RawPeer worker = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);
        worker.Send(new Greeting(PeerId.Worker("worker", 0, 1), new byte[ControlProtocol.SecretSize], []).ToMessage());
        using RawPeer silent = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);

        await garbage.WhenClosedAsync();
        await worker.WhenClosedAsync();
        await silent.WhenClosedAsync();
        await using ClientTransport client = await endpoint.JoinAsync("importer");
        Assert.Equal(2, client.Directory.Peers.Count);
    }

    [Fact]
    public async Task A_connection_that_begins_with_text_is_handed_over_with_what_has_come()
    {
        var texts = Channel.CreateUnbounded<(Socket Socket, byte[] Received)>();
        await using var endpoint = new ClientEndpointFixture(onText: (socket, received) => texts.Writer.TryWrite((socket, received)));
        using RawPeer script = await RawPeer.ConnectAsync(endpoint.Access.SocketPath), silent = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);
        script.Send((byte)'{');
        silent.Send("{}\n"u8.ToArray()); // three bytes could still become a greeting
        await using ClientTransport client = await endpoint.JoinAsync("importer");
        Assert.False(texts.Reader.TryRead(out _));

        script.Send("\"rid\":1}\n"u8.ToArray());
        using var patience = new CancellationTokenSource(Frames.Patience);
        (Socket socket, byte[] received) = await texts.Reader.ReadAsync(patience.Token);
        using (socket)
        {
            Assert.Equal("{\"rid\":1}\n"u8.ToArray(), received);
            socket.Send("answer"u8);
            Assert.False(script.IsClosed());
        }

        await script.WhenClosedAsync();
        await using ClientTransport another = await endpoint.JoinAsync("importer");
        Assert.False(texts.Reader.TryRead(out _));
    }

    [Fact]
    public async Task A_client_that_says_what_only_a_worker_may_say_is_disconnected()
    {
        await using var endpoint = new ClientEndpointFixture();
        foreach (byte[] message in new[]
        {
            new ControlWriter(ControlMessageType.HandledEnough).Int64(1).ToMessage(),
            new ControlWriter(ControlMessageType.Pulse).UInt32(1).UInt32(0).UInt32(0).Text("").Boolean(false).ToMessage(),
            new ControlWriter(ControlMessageType.WantsId).ToMessage(),
        })
        {
            using RawPeer peer = await RawPeer.ConnectAsync(endpoint.Access.SocketPath);
            peer.Send(new Greeting(PeerId.Client("importer", 0), new byte[ControlProtocol.SecretSize], []).ToMessage());
            peer.Send(message);
            await peer.WhenClosedAsync();
        }
    }

    [Fact]
    public async Task Other_users_are_turned_away_unless_they_or_their_group_are_named_and_then_get_pipes()
    {
        await using (var closed = new ClientEndpointFixture(credentials: _ => Stranger))
        {
            await Assert.ThrowsAsync<IpcException>(() => closed.JoinAsync("importer"));
        }

        foreach (ClientAccess access in new[]
        {
            new ClientAccess { SocketPath = "", UserIds = new HashSet<uint> { Stranger.UserId } },
            new ClientAccess { SocketPath = "", GroupId = Stranger.GroupId },
        })
        {
            await using var open = new ClientEndpointFixture(useSharedMemory: true, access, _ => Stranger);
            await using ClientTransport client = await open.JoinAsync("importer");
            OutboundLane lane = await client.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, CancellationToken.None);
            Assert.Equal(LaneBacking.Pipe, lane.Backing);
            Assert.Equal(Convert.ToInt32("711", 8), (int)File.GetUnixFileMode(open.Folder) & 0x1FF & Convert.ToInt32("711", 8));
            Assert.Equal(Convert.ToInt32("666", 8), (int)File.GetUnixFileMode(open.Access.SocketPath) & 0x1FF);
        }
    }

    [Fact]
    public async Task The_socket_is_for_its_user_alone_and_replaces_one_that_was_left_behind()
    {
        string folder = $"/tmp/ipc-test-{Guid.NewGuid().ToString("N")[..12]}";
        string path = EndpointPath.Of(folder, "shop");
        var options = new SupervisorTransportOptions { UseSharedMemory = false, Clients = new ClientAccess { SocketPath = path } };
        try
        {
            await using (new TestSupervisor(options))
            {
                Assert.Equal(Convert.ToInt32("700", 8), (int)File.GetUnixFileMode(folder));
                Assert.Equal(Convert.ToInt32("600", 8), (int)File.GetUnixFileMode(path));
            }

            await File.WriteAllTextAsync(path, "left behind");
            await using var again = new TestSupervisor(options);
            again.Transport.AcceptClients();
            await using ClientTransport client = await ClientTransport.JoinAsync(
                new ClientTransportOptions { SocketPath = path, Name = "importer" }, PeerActions.None, new TestReceiver(), new ClientEvents(), NullLoggerFactory.Instance, default);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_folder_that_others_may_write_to_or_a_link_is_refused_with_what_to_do()
    {
        string folder = $"/tmp/ipc-test-{Guid.NewGuid().ToString("N")[..12]}";
        string link = $"{folder}-link";
        try
        {
            Directory.CreateDirectory(folder);
            Directory.CreateSymbolicLink(link, folder);
            Assert.Contains("or is a link: set Ipc:Clients:Folder", Start(link), StringComparison.Ordinal);
            Assert.StartsWith("The endpoint's folder /proc/nope cannot be made: ", Start("/proc/nope"), StringComparison.Ordinal);
            File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("777", 8));
            Assert.StartsWith($"Others may write to the endpoint's folder {folder}", Start(folder), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(link);
            Directory.Delete(folder);
        }

        static string Start(string folder) => Assert.Throws<IOException>(() => new TestSupervisor(
            new SupervisorTransportOptions { UseSharedMemory = false, Clients = new ClientAccess { SocketPath = EndpointPath.Of(folder, "shop") } })).Message;
    }

    [Theory]
    [InlineData("relative", "shop", "has to be an absolute path")]
    [InlineData("/tmp", "a b", "letters, digits")]
    [InlineData("/tmp/a-folder-whose-name-is-so-long-that-the-path-of-a-socket-in-it-does-not-fit-into-the-108-bytes-that-it-has", "shop", "choose a shorter folder")]
    public void A_path_that_cannot_be_says_why(string folder, string name, string why) =>
        Assert.Contains(why, Assert.Throws<ArgumentException>(() => EndpointPath.Of(folder, name)).Message, StringComparison.Ordinal);
}
