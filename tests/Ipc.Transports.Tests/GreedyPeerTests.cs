using System.Diagnostics;
using Ipc.Transports.Broker;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Ipc.Transports.Rings;
using Ipc.Transports.Tests.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests;

/// <summary>A peer that asks and asks: what it costs the supervisor and its other peers is bounded, and what it says about others is believed within bounds.</summary>
public sealed class GreedyPeerTests
{
    private const int SegmentLength = (64 << 10) + (2 * 4096);

    private static readonly PeerId Worker = PeerId.Worker("worker", 0, 1);
    private static readonly PeerId Sender = PeerId.Worker("sender", 0, 1);

    [Fact]
    public async Task A_writer_has_eight_pipes_to_one_reader_at_most_until_that_one_has_read_some_to_their_end()
    {
        await using var bench = new BrokerBench(useSharedMemory: false);
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var reading = new RecordedEnds();
        var writing = new RecordedEnds();
        bench.Connect(worker, Worker, reading);
        bench.Connect(sender, Sender, writing);
        for (uint i = 1; i <= 100; i++)
        {
            bench.Run(b => b.Open(sender, i, Worker, LaneKind.Inbox));
        }

        Assert.Equal(8, reading.Log.Count(news => news.StartsWith("inbound", StringComparison.Ordinal)));
        Assert.Equal("refused 100 NotRunning", writing.Log[^1]);
        bench.Run(b => b.Open(sender, 101, Worker, LaneKind.Answer));
        Assert.Equal("opened 9", writing.Log[^1]);

        bench.Run(b => b.Ended(worker, 1));
        bench.Run(b => b.Open(sender, 102, Worker, LaneKind.Inbox));
        Assert.Equal("opened 10", writing.Log[^1]);
        bench.Run(b => b.Open(sender, 103, Worker, LaneKind.Inbox));
        Assert.Equal("refused 103 NotRunning", writing.Log[^1]);
        for (int lane = 1; lane <= 7; lane++)
        {
            Assert.Single(writing.Log, news => news == $"faulted {lane}"); // each once, though more were asked for
        }
    }

    [Fact]
    public async Task A_writer_that_returns_memory_and_asks_for_more_for_ever_gets_more_only_after_a_while()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var writing = new RecordedEnds();
        bench.Connect(worker, Worker, new RecordedEnds());
        bench.Connect(sender, Sender, writing);
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        long since = Stopwatch.GetTimestamp();
        for (uint i = 1; i <= 1000; i++)
        {
            bench.Run(b => b.WantSegment(sender, 1, SegmentLength));
            bench.Run(b => b.ReturnSegment(sender, 1, (uint)writing.Log.Count(news => news.EndsWith("to write", StringComparison.Ordinal))));
        }

        int periods = 1 + (int)Stopwatch.GetElapsedTime(since).TotalSeconds;
        Assert.InRange(writing.Log.Count(news => news.EndsWith("to write", StringComparison.Ordinal)), 1, 65 * (periods + 1));
        Assert.Equal("no segment 1", writing.Log[^1]);
    }

    [Fact]
    public void What_a_writer_has_returned_is_forgotten_after_a_second()
    {
        var returned = new SegmentReturns();
        for (int i = 0; i <= SegmentReturns.MaxCount; i++)
        {
            Assert.False(returned.AreTooMany(now: 5000));
            returned.Add(1, now: 5000);
        }

        Assert.True(returned.AreTooMany(now: 5999));
        Assert.False(returned.AreTooMany(now: 6000));
        returned.Add((int)SegmentReturns.MaxBytes, now: 6000);
        Assert.False(returned.AreTooMany(now: 6000));
        returned.Add(1, now: 6000);
        Assert.True(returned.AreTooMany(now: 6000));
    }

    [Fact]
    public async Task No_memory_is_made_for_a_reader_that_does_not_receive_what_it_is_handed()
    {
        await using var bench = new BrokerBench();
        BrokerPeer worker = bench.Add(Worker);
        BrokerPeer sender = bench.Add(Sender);
        var reading = new RecordedEnds();
        var writing = new RecordedEnds();
        bench.Connect(worker, Worker, reading);
        bench.Connect(sender, Sender, writing);
        bench.Run(b => b.Open(sender, 1, Worker, LaneKind.Inbox));
        reading.IsBehind = true;
        bench.Run(b => b.WantSegment(sender, 1, SegmentLength));
        Assert.Equal("no segment 1", writing.Log[^1]);
        reading.IsBehind = false;
        bench.Run(b => b.WantSegment(sender, 1, SegmentLength));
        Assert.Equal($"segment 1 1 {SegmentLength} to write", writing.Log[^1]);
    }

    [Fact]
    public void A_peer_that_does_not_receive_descriptors_is_not_read_until_it_does()
    {
        (FileDescriptor ours, FileDescriptor theirs) = UnixSocket.CreatePair();
        using (theirs)
        {
            var connection = new ControlConnection(new ControlLoop("ipc test", NullLogger.Instance), ours, new Deaf(), acceptsDescriptors: false);
            int sent = 0;
            while ((connection.Events & Libc.PollIn) != 0)
            {
                (FileDescriptor one, FileDescriptor other) = UnixSocket.CreatePair();
                other.Dispose();
                connection.Send(new byte[8], one);
                Assert.InRange(++sent, 1, 2000); // some of them are with the kernel
            }

            Assert.True(connection.IsBehind);
            while (connection.IsBehind)
            {
                var received = new List<FileDescriptor>();
                Assert.Equal(IoStatus.Done, UnixSocket.TryReceive(theirs, new byte[8], received, out _));
                received.ForEach(d => d.Dispose());
                connection.OnReady(Libc.PollOut);
            }

            Assert.NotEqual(0, connection.Events & Libc.PollIn);
            connection.Close("the test has ended");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // it only closes its connection, and something is being sent to it just then
    public async Task What_a_worker_has_said_before_it_ended_is_heard(bool exits)
    {
        await using var supervisor = new TestSupervisor();
        using RawPeer saying = await AfterItsReaderHasEndedAsync(supervisor);
        using var entered = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        PeerId other = PeerId.Worker("other", 0, 1);
        supervisor.Events.WhenReady = _ =>
        {
            entered.Set();
            goOn.Wait(Frames.Patience); // the control thread is late
        };
        await using WorkerTransport reading = await supervisor.ConnectAsync(other, supervisor.Expect(other));
        Task ready = reading.ReportReadyAsync(default).AsTask();
        Assert.True(entered.Wait(Frames.Patience));
        saying.Send(Open(2, other));
        saying.Send(Lost(Sender, 7));
        if (exits)
        {
            supervisor.Transport.WorkerExited(Worker, keepInbox: true);
        }
        else
        {
            saying.Dispose();
        }

        goOn.Set();
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Sender, Worker, 7L), (lost.Worker, lost.Sender, lost.Count));
        await ready;
    }

    [Fact]
    public async Task What_a_sender_says_was_lost_is_believed_once_for_each_pipe_that_has_ended_and_within_bounds()
    {
        await using var supervisor = new TestSupervisor();
        using RawPeer lying = await AfterItsReaderHasEndedAsync(supervisor);
        lying.Send(Lost(Sender, long.MaxValue));
        LostNews lost = await supervisor.Events.NextLostAsync();
        Assert.Equal((Sender, Worker, 131_072L), (lost.Worker, lost.Sender, lost.Count));
        lying.Send(Lost(Sender, 1));
        await lying.WhenClosedAsync();
        Assert.False(supervisor.Events.TryNextLost(out _));
    }

    [Fact]
    public async Task A_sender_that_reports_losses_of_a_pipe_that_lives_is_dropped()
    {
        await using var supervisor = new TestSupervisor();
        await using WorkerTransport living = await supervisor.ConnectAsync(Sender, supervisor.Expect(Sender));
        using RawPeer lying = await AdmitAsync(supervisor);
        lying.Send(Lost(Sender, 5));
        await lying.WhenClosedAsync();
        Assert.False(supervisor.Events.TryNextLost(out _));
        await living.ReportReadyAsync(default);
    }

    private static byte[] Open(uint request, PeerId remote) =>
        new ControlWriter(ControlMessageType.OpenLane).UInt32(request).Peer(remote).Byte((byte)LaneKind.Inbox).ToMessage();

    private static byte[] Lost(PeerId reader, long count) =>
        new ControlWriter(ControlMessageType.MessagesLost).Peer(reader).Int64(count).Text("as it says").ToMessage();

    /// <summary>Connects a worker that does what it likes and has a pipe to another one.</summary>
    private static async Task<RawPeer> AdmitAsync(TestSupervisor supervisor)
    {
        WorkerTicket ticket = supervisor.Expect(Worker);
        RawPeer peer = await RawPeer.ConnectAsync(ticket.Endpoint);
        peer.Send(new Greeting(Worker, Convert.FromHexString(ticket.Secret), []).ToMessage());
        peer.Send(Open(1, Sender));
        peer.Send(new ControlWriter(ControlMessageType.Ready).ToMessage());
        await supervisor.Receiver.WhenDirectoryAsync(d => d.Find(Worker) is { IsReady: true });
        return peer;
    }

    /// <summary>As above; the pipe has ended with its reader.</summary>
    private static async Task<RawPeer> AfterItsReaderHasEndedAsync(TestSupervisor supervisor)
    {
        WorkerTransport dying = await supervisor.ConnectAsync(Sender, supervisor.Expect(Sender));
        RawPeer peer = await AdmitAsync(supervisor);
        await dying.DisposeAsync();
        supervisor.Transport.WorkerExited(Sender, keepInbox: true);
        supervisor.Transport.AddSlot("another", 0); // waits for the control thread
        return peer;
    }

    private sealed class Deaf : IControlHandler
    {
        public string? OnMessage(ControlConnection connection, ControlMessageType type, ReadOnlySpan<byte> payload, FileDescriptor[] descriptors) => null;

        public void OnClosed(ControlConnection connection, string reason)
        {
        }
    }
}
