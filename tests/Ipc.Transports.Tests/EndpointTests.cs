using System.Buffers.Binary;
using System.Diagnostics;
using Ipc.Transports.Broker;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests;

/// <summary>Who gets in at the workers' endpoint, and what those who do not can do: nothing.</summary>
public sealed class EndpointTests
{
    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Other = PeerId.Worker("worker", 1, 1);

    private static SupervisorTransportOptions ShortHandshake { get; } = new()
    {
        UseSharedMemory = false,
        Limits = new TransportLimits { HandshakeTimeout = TimeSpan.FromMilliseconds(300) },
    };

    [Fact]
    public async Task A_worker_with_its_ticket_is_admitted_and_reports_ready()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        await worker.ReportReadyAsync(default);
        Assert.True(worker.Directory.Find(Worker)!.IsReady);
        Assert.Equal([$"connected {Worker}", $"ready {Worker}"], supervisor.Events.Log);
    }

    [Fact]
    public async Task A_worker_is_connected_when_it_knows_who_is_there_and_not_with_the_welcome_alone()
    {
        string endpoint = $"ipc-test-{Guid.NewGuid():N}";
        using FileDescriptor listener = UnixSocket.ListenAbstract(endpoint, backlog: 1);
        var options = new WorkerTransportOptions { Endpoint = endpoint, Secret = new string('0', 2 * ControlProtocol.SecretSize), Self = Worker };
        Task<WorkerTransport> connecting = WorkerTransport.ConnectAsync(
            options, PeerActions.None, new TestReceiver(), new WorkerEvents(), NullLoggerFactory.Instance, CancellationToken.None);
        FileDescriptor? accepted = null;
        Assert.True(SpinWait.SpinUntil(() => UnixSocket.TryAccept(listener, out accepted) == IoStatus.Done, Frames.Patience));
        using RawPeer supervisor = RawPeer.Over(accepted!);

        supervisor.Send(new ControlWriter(ControlMessageType.Welcome, 0).Peer(Worker).Boolean(false).UInt32(0).ToMessage());
        Assert.NotSame(connecting, await Task.WhenAny(connecting, Task.Delay(TimeSpan.FromMilliseconds(200))));

        var row = new PeerInfo(Worker, IsReady: false, PeerActions.None);
        supervisor.Send(DirectoryMessage.Write(new PeerDirectory([row]), number: 1, wantsAnswer: false));
        await using WorkerTransport worker = await connecting.WaitAsync(Frames.Patience);
        Assert.NotNull(worker.Directory.Find(Worker));
    }

    [Fact]
    public async Task Signatures_that_make_a_greeting_too_large_stay_behind_and_actions_are_all_told()
    {
        await using var supervisor = new TestSupervisor();
        string[] names = [.. Enumerable.Range(0, 100).Select(i => $"action {i}")];
        string[] signatures = [.. names.Select(name => PeerActions.SignatureOf(name, new string('x', 3_000)))];
        await using WorkerTransport worker = await ConnectAsync(supervisor, Worker, [.. names, .. signatures]);
        await worker.ReportReadyAsync(default);
        Assert.Equal(names, worker.Directory.Find(Worker)!.Actions.Texts);

        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => ConnectAsync(supervisor, Other, [.. Enumerable.Range(0, 100).Select(i => $"{i}{new string('x', 3_000)}")]));
        Assert.StartsWith("The names of 100 actions take ", error.Message, StringComparison.Ordinal);

        static Task<WorkerTransport> ConnectAsync(TestSupervisor supervisor, PeerId self, string[] texts)
        {
            WorkerTicket ticket = supervisor.Expect(self);
            return WorkerTransport.ConnectAsync(
                new WorkerTransportOptions { Endpoint = ticket.Endpoint, Secret = ticket.Secret, Self = self },
                new PeerActions(texts), new TestReceiver(), new WorkerEvents(), NullLoggerFactory.Instance, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_and_the_right_one_still_works()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        string wrong = (ticket.Secret[0] == 'A' ? 'B' : 'A') + ticket.Secret[1..];
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, ticket with { Secret = wrong }));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
        Assert.DoesNotContain(ticket.Secret, error.Message, StringComparison.OrdinalIgnoreCase);
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
        Assert.Equal(Worker, worker.Self);
    }

    [Fact]
    public async Task A_secret_works_once_and_whoever_uses_it_again_does_not_disturb_the_first()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, ticket));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
        await worker.ReportReadyAsync(default);
    }

    [Fact]
    public async Task A_ticket_is_for_one_worker_only()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        supervisor.Expect(Other);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Other, ticket));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
    }

    [Fact]
    public async Task A_process_that_was_not_started_is_refused_even_with_the_secret()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Transport.ExpectWorker(Worker);
        supervisor.Transport.SetProcessId(Worker, 1);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, ticket));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
    }

    [Fact]
    public async Task A_connection_that_comes_before_the_process_id_is_known_waits_for_it()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Transport.ExpectWorker(Worker);
        Task<WorkerTransport> early = supervisor.ConnectAsync(Worker, ticket);
        await using WorkerTransport other = await supervisor.ConnectAsync(Other, supervisor.Expect(Other));
        Assert.False(early.IsCompleted);

        supervisor.Transport.SetProcessId(Worker, Environment.ProcessId);
        await using WorkerTransport worker = await early;
        await worker.ReportReadyAsync(default);
    }

    [Fact]
    public async Task A_connection_whose_admission_fails_when_its_process_id_becomes_known_is_closed()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Transport.ExpectWorker(Worker);
        using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        peer.Send(new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage());
        await using WorkerTransport other = await supervisor.ConnectAsync(Other, supervisor.Expect(Other)); // the endpoint has read what came before
        supervisor.Events.Failure = new InvalidOperationException("no");
        supervisor.Transport.SetProcessId(Worker, Environment.ProcessId);
        await peer.WhenClosedAsync();
        Assert.Contains($"disconnected {Worker}", supervisor.Events.Log);
    }

    [Theory]
    [InlineData("x", 65)]
    [InlineData("\u00e9", 1)]
    public void A_name_that_does_not_fit_the_endpoint_is_refused_by_the_name_of_its_option(string character, int count)
    {
        var options = new SupervisorTransportOptions { Name = string.Concat(Enumerable.Repeat(character, count)) };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new TestSupervisor(options));
        Assert.Contains("Ipc:Endpoint", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_user_is_turned_away_whatever_it_knows()
    {
        await using var supervisor = new TestSupervisor(
            ShortHandshake, socket => UnixSocket.TryGetPeer(socket) is { } peer ? peer with { UserId = peer.UserId + 1 } : null);
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, supervisor.Expect(Worker)));
        Assert.Equal(IpcError.NotRunning, error.Reason);
        Assert.Empty(supervisor.Events.Log);
    }

    [Fact]
    public async Task A_worker_that_is_started_for_another_user_is_admitted_as_that_user_only()
    {
        uint own = Libc.EffectiveUserId();
        uint seen = own + 1;
        await using var supervisor = new TestSupervisor(
            ShortHandshake, socket => UnixSocket.TryGetPeer(socket) is { } peer ? peer with { UserId = seen } : null);
        WorkerTicket others = supervisor.Expect(Other, own + 1);

        // The other user's processes come as far as the handshake now; what is not theirs they do not get, and theirs nobody else gets.
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, supervisor.Expect(Worker)));
        Assert.Equal(IpcError.NotAllowed, error.Reason);
        seen = own;
        error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Other, others));
        Assert.Equal(IpcError.NotAllowed, error.Reason);

        seen = own + 1;
        await using WorkerTransport worker = await supervisor.ConnectAsync(Other, others);
        Assert.Equal([$"connected {Other}"], supervisor.Events.Log);
    }

    [Fact]
    public async Task A_silent_peer_is_closed_after_the_handshake_timeout_and_keeps_nobody_waiting()
    {
        await using var supervisor = new TestSupervisor(ShortHandshake);
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer silent = await RawPeer.ConnectAsync(ticket.Endpoint);
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
        await silent.WhenClosedAsync();
        await worker.ReportReadyAsync(default);
    }

    [Fact]
    public async Task A_peer_that_stops_in_the_middle_of_its_greeting_is_closed_after_the_handshake_timeout()
    {
        await using var supervisor = new TestSupervisor(ShortHandshake);
        WorkerTicket ticket = supervisor.Expect(Worker);
        byte[] greeting = new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage();
        using RawPeer half = await RawPeer.ConnectAsync(ticket.Endpoint);
        half.Send(greeting[..(greeting.Length / 2)]);
        await half.WhenClosedAsync();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
    }

    [Fact]
    public async Task Garbage_closes_its_own_connection_only()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        var random = new Random(1);
        for (int i = 0; i < 100; i++)
        {
            byte[] garbage = new byte[random.Next(1, 5000)];
            random.NextBytes(garbage);
            using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
            peer.Send(garbage);
        }

        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
        await worker.ReportReadyAsync(default);
    }

    [Fact]
    public async Task An_announced_length_beyond_the_limit_is_refused_before_anything_is_allocated()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        byte[] header = new byte[ControlProtocol.HeaderSize];
        BinaryPrimitives.WriteUInt32LittleEndian(header, uint.MaxValue);
        header[4] = (byte)ControlMessageType.Hello;
        peer.Send(header);
        await peer.WhenClosedAsync();
    }

    [Fact]
    public async Task A_peer_that_sends_descriptors_is_closed()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        (FileDescriptor first, FileDescriptor second) = UnixSocket.CreatePair();
        using (first)
        {
            using (second)
            {
                byte[] greeting = new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage();
                greeting[5] = 1;
                peer.SendWithDescriptor(greeting, first);
            }
        }

        await peer.WhenClosedAsync();
        Assert.Empty(supervisor.Events.Log);
    }

    [Fact]
    public async Task Another_version_of_the_protocol_is_refused()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        byte[] greeting = new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage();
        greeting[ControlProtocol.HeaderSize + 4]++;
        using RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        peer.Send(greeting);
        await peer.WhenClosedAsync();
        Assert.Empty(supervisor.Events.Log);
    }

    [Fact]
    public async Task A_flood_of_silent_connections_is_bounded_and_a_worker_still_gets_in()
    {
        await using var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        var flood = new List<RawPeer>();
        try
        {
            for (int i = 0; i < 300; i++)
            {
                flood.Add(await RawPeer.ConnectAsync(ticket.Endpoint));
            }

            await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket);
            await worker.ReportReadyAsync(default);
            Assert.InRange(flood.Count(p => !p.IsClosed()), 0, ControlEndpoint.MaxPending);
        }
        finally
        {
            flood.ForEach(p => p.Dispose());
        }
    }

    [Fact]
    public async Task An_admitted_worker_that_sends_nonsense_loses_its_connection_and_nobody_else_does()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport good = await supervisor.ConnectAsync(Other, supervisor.Expect(Other));
        WorkerTicket ticket = supervisor.Expect(Worker);
        using RawPeer bad = await RawPeer.ConnectAsync(ticket.Endpoint);
        bad.Send(new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage());
        bad.Send(new ControlWriter(ControlMessageType.OpenLane).UInt32(1).Byte(99).ToMessage());
        await bad.WhenClosedAsync();
        await good.ReportReadyAsync(default);
        Assert.Contains($"disconnected {Worker}", supervisor.Events.Log);
        Assert.DoesNotContain($"disconnected {Other}", supervisor.Events.Log);
    }

    [Fact]
    public void Mutated_messages_are_read_as_something_or_nothing_and_never_throw()
    {
        byte[] secret = new byte[ControlProtocol.SecretSize];
        byte[] greeting = new Greeting(Worker, secret, ["order.placed", "quote"]).ToMessage()[ControlProtocol.HeaderSize..];
        byte[] directory = DirectoryMessage.Write(new PeerDirectory(
            [new PeerInfo(PeerId.Supervisor, true, PeerActions.None), new PeerInfo(Worker, true, new PeerActions(["a", "b"]))]), number: 7, wantsAnswer: true)[ControlProtocol.HeaderSize..];
        Assert.True(Greeting.TryRead(greeting, out Greeting? read, out _));
        Assert.Equal(["order.placed", "quote"], read!.Actions);
        Assert.True(DirectoryMessage.TryRead(directory, new ActionSets(), out PeerDirectory? known, out uint? answer));
        Assert.Equal(7u, answer);
        Assert.Equal(2, known!.Peers.Count);

        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mutated = [.. i % 2 == 0 ? greeting : directory];
            for (int n = random.Next(1, 4); n > 0; n--)
            {
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            }

            byte[] cut = mutated[..random.Next(mutated.Length + 1)];
            Greeting.TryRead(cut, out _, out _);
            DirectoryMessage.TryRead(cut, new ActionSets(), out _, out _);
        }
    }

    [Fact]
    public async Task A_stop_request_reaches_its_worker_and_the_end_of_the_supervisor_all_of_them()
    {
        var supervisor = new TestSupervisor();
        var events = new WorkerEvents();
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), events: events);
        supervisor.Transport.RequestStop(Worker, TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), await events.Stop.Task.WaitAsync(Frames.Patience));
        await events.InboxRead.Task.WaitAsync(Frames.Patience); // what has not been taken is for others
        Assert.False(events.Gone.Task.IsCompleted);

        await supervisor.DisposeAsync();
        await events.Gone.Task.WaitAsync(Frames.Patience);
        IpcException error = await Assert.ThrowsAsync<IpcException>(async () => await worker.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, default).AsTask().WaitAsync(Frames.Patience));
        Assert.Equal(IpcError.NotRunning, error.Reason);
    }

    [Fact]
    public async Task A_worker_that_ends_by_itself_is_not_told_that_its_supervisor_is_gone()
    {
        await using var supervisor = new TestSupervisor();
        var events = new WorkerEvents();
        WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker), events: events);
        await worker.DisposeAsync();
        await supervisor.Receiver.WhenDirectoryAsync(_ => supervisor.Events.Log.Contains($"disconnected {Worker}"));
        Assert.False(events.Gone.Task.IsCompleted);
    }

    [Fact]
    public async Task A_worker_that_cannot_find_its_supervisor_says_so()
    {
        var ticket = new WorkerTicket(new string('0', 32), new string('0', 64));
        await using var supervisor = new TestSupervisor();
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => supervisor.ConnectAsync(Worker, ticket));
        Assert.Equal(IpcError.NotRunning, error.Reason);
    }

    [Fact]
    public async Task The_endpoint_is_no_file_and_goes_with_its_supervisor()
    {
        var supervisor = new TestSupervisor();
        WorkerTicket ticket = supervisor.Expect(Worker);
        string random = ticket.Endpoint[(ticket.Endpoint.LastIndexOf('-') + 1)..];
        Assert.Equal(32, random.Length);
        Assert.All(random, c => Assert.True(char.IsAsciiHexDigitLower(c)));
        Assert.Contains("@" + ticket.Endpoint, await File.ReadAllTextAsync("/proc/net/unix"), StringComparison.Ordinal);
        await using (WorkerTransport worker = await supervisor.ConnectAsync(Worker, ticket))
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(Path.GetTempPath(), $"*{ticket.Endpoint}*"));
        }

        await supervisor.DisposeAsync();
        Assert.DoesNotContain(ticket.Endpoint, await File.ReadAllTextAsync("/proc/net/unix"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_child_process_inherits_no_descriptor_of_ours(bool useSharedMemory)
    {
        string[] before = await DescriptorsOfAChildAsync();
        await using var supervisor = new TestSupervisor(new SupervisorTransportOptions { UseSharedMemory = useSharedMemory });
        await using WorkerTransport worker = await supervisor.ConnectAsync(Worker, supervisor.Expect(Worker));
        OutboundLane there = await supervisor.Transport.OpenLaneAsync(Worker, LaneKind.Inbox, default);
        OutboundLane back = await worker.OpenLaneAsync(PeerId.Supervisor, LaneKind.Inbox, default);
        await there.SendAsync(Frames.Numbered(1, 100));
        await back.SendAsync(Frames.Numbered(1, 100));

        string[] after = await DescriptorsOfAChildAsync();
        Assert.Equal(before, after);
    }

    /// <summary>Number and target of each descriptor that a child of this process has; what the test's own starter left open is among them, before and after.</summary>
    private static async Task<string[]> DescriptorsOfAChildAsync()
    {
        using var child = Process.Start(
            new ProcessStartInfo("ls", "-l /proc/self/fd") { RedirectStandardOutput = true, RedirectStandardInput = true, RedirectStandardError = true })!;
        string listing = await child.StandardOutput.ReadToEndAsync();
        await child.WaitForExitAsync();
        string[] links = [.. listing.Split('\n').Where(l => l.Contains("->", StringComparison.Ordinal)).Select(l => string.Join(' ', l.Split(' ').SkipWhile(w => w != "->").Skip(1)))];
        Assert.True(links.Length >= 3, listing);
        return [.. links.Where(l => !l.StartsWith("pipe:", StringComparison.Ordinal) && !l.StartsWith("/proc/", StringComparison.Ordinal))];
    }
}
