using System.Buffers.Binary;
using System.Diagnostics.Metrics;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Streams;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.Messaging;

/// <summary>Frames of streams, byte by byte: what an honest writer sends, and what a dishonest one gets.</summary>
[Collection("streams")] // they count what the process counts
public sealed class StreamTableTests : IDisposable
{
    private const int Window = 20_000;
    private const long Message = 5;

    private static readonly PeerId Peer = PeerId.Worker("worker", 1, 1);

    private readonly ScriptedInboundLane _arriving = new(Peer, LaneKind.Answer);
    private readonly ScriptedLane _leaving = new(Peer, LaneKind.Answer);
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly StreamTable _table;

    public StreamTableTests()
    {
        var options = new IpcOptions { StreamWindow = Window };
        _table = new StreamTable(options, new IpcMetrics(_services.GetRequiredService<IMeterFactory>(), PeerId.Supervisor), NullLogger.Instance);
        _table.Attach(new Cluster(new ScriptedTransport(_leaving), ListenerRegistry.Create([], ListenerPlaces.Workers), options));
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Nothing_is_granted_before_the_first_read_and_then_a_window()
    {
        IncomingStream incoming = Accept(FrameFlags.SendsStream).Incoming!;
        Assert.Empty(_leaving.Frames);

        Task<int> read = incoming.ReadAsync(new byte[10], default).AsTask();

        Assert.Equal([(FrameKind.StreamCredit, 0, Window)], Sent());
        Arrive(FrameKind.StreamData, 0, new byte[10]);
        Assert.Equal(10, await read);
    }

    [Fact]
    public async Task More_is_granted_when_half_a_window_was_read()
    {
        IncomingStream incoming = await ReadingAsync();
        Arrive(FrameKind.StreamData, 0, new byte[Window - 1]);

        Assert.Equal(9_998, await incoming.ReadAsync(new byte[9_998], default));
        Assert.Single(Sent());
        Assert.Equal(1, await incoming.ReadAsync(new byte[1], default));

        Assert.Equal((FrameKind.StreamCredit, 0, Window + 10_000), Sent()[^1]);
    }

    [Fact]
    public async Task What_wraps_around_comes_out_in_order()
    {
        IncomingStream incoming = await ReadingAsync();
        byte[] bytes = StreamBytes.Make(100_000);
        var read = new List<byte>();
        byte[] buffer = new byte[7_777];
        for (int at = 0; at < bytes.Length; at += 5_000)
        {
            Arrive(FrameKind.StreamData, 0, bytes[at..(at + 5_000)]);
            while (read.Count < at + 5_000)
            {
                read.AddRange(buffer[..await incoming.ReadAsync(buffer, default)]);
            }
        }

        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task A_writer_that_sends_more_than_was_granted_loses_its_lane()
    {
        IncomingStream incoming = await ReadingAsync();
        Arrive(FrameKind.StreamData, 0, new byte[Window - 1]);

        AssertFault("worker/1#1", () => Arrive(FrameKind.StreamData, 0, new byte[1]));

        Assert.Equal(Window - 1, await incoming.ReadAsync(new byte[Window], default));
        IpcException error = await Assert.ThrowsAsync<IpcException>(() => incoming.ReadAsync(new byte[1], default).AsTask());
        Assert.Equal(IpcError.PeerGone, error.Reason);
    }

    [Fact]
    public void A_writer_that_was_granted_nothing_may_send_nothing()
    {
        Accept(FrameFlags.SendsStream);

        AssertFault("whose reader allows 0", () => Arrive(FrameKind.StreamData, 0, new byte[1]));
    }

    [Fact]
    public async Task Bytes_behind_the_end_an_empty_piece_and_an_end_elsewhere_are_faults()
    {
        await ReadingAsync();
        AssertFault("0 bytes", () => Arrive(FrameKind.StreamData, 0, []));
        await ReadingAsync();
        AssertFault("after 7 bytes, of which 1 have come", () => Arrive(FrameKind.StreamEnd, 0, Number(7)));
        await ReadingAsync();
        AssertFault("not 8 bytes", () => Arrive(FrameKind.StreamEnd, 0, [1]));
        await ReadingAsync();
        Arrive(FrameKind.StreamEnd, 0, Number(1));
        AssertFault("behind the end", () => Arrive(FrameKind.StreamData, 0, new byte[1]));
    }

    [Fact]
    public async Task A_reason_that_cannot_be_read_still_ends_the_stream()
    {
        IncomingStream incoming = await ReadingAsync();

        Arrive(FrameKind.StreamAbort, 0, [0xC1]);

        IpcException error = await Assert.ThrowsAsync<IpcException>(() => incoming.ReadAsync(new byte[1], default).AsTask());
        Assert.Equal(IpcError.BadMessage, error.Reason);
    }

    [Fact]
    public void Frames_of_unknown_streams_are_counted_and_change_nothing()
    {
        using var late = new MetricCount("ipc.streams.late");
        MessageStreams streams = Accept(FrameFlags.SendsStream);

        Arrive(FrameKind.StreamData, 0, new byte[1], message: 99);
        Arrive(FrameKind.StreamData, 1, new byte[1]); // one that we would have sent
        Arrive(FrameKind.StreamCredit, 1, Number(1)); // one that is not written here
        Arrive(FrameKind.StreamStop, 0, []);
        _table.Remove(streams);
        Arrive(FrameKind.StreamEnd, 0, Number(0));

        Assert.Equal(5, late.Value);
        Assert.Empty(_leaving.Frames);
    }

    [Fact]
    public async Task Another_peer_cannot_write_into_a_stream()
    {
        using var late = new MetricCount("ipc.streams.late");
        IncomingStream incoming = await ReadingAsync();
        var other = new ScriptedInboundLane(PeerId.Worker("worker", 2, 1), LaneKind.Answer);
        var successor = new ScriptedInboundLane(PeerId.Worker("worker", 1, 2), LaneKind.Answer);

        Arrive(FrameKind.StreamData, 0, new byte[1], other);
        Arrive(FrameKind.StreamData, 0, new byte[1], successor);

        Assert.Equal(2, late.Value);
        Task<int> read = incoming.ReadAsync(new byte[1], default).AsTask();
        Assert.False(read.IsCompleted);
    }

    [Fact]
    public void Only_lanes_of_answers_carry_streams_and_a_message_has_two_at_most()
    {
        var inbox = new ScriptedInboundLane(Peer);

        AssertFault("Inbox", () => Arrive(FrameKind.StreamData, 0, new byte[1], inbox));
        AssertFault("its stream 2", () => Arrive(FrameKind.StreamData, 2, new byte[1]));
    }

    [Fact]
    public async Task A_writer_sends_what_was_granted_and_not_a_byte_more()
    {
        OutgoingStream outgoing = Accept(FrameFlags.ReadsStream).Outgoing!;
        byte[] bytes = StreamBytes.Make(60_000);

        Task write = outgoing.WriteAsync(bytes, default).AsTask();

        Assert.Equal(bytes[..StreamLimits.MinWindow], Data());
        Arrive(FrameKind.StreamCredit, 1, Number(50_001));
        await WaitUntilAsync(() => Data().Length >= 50_001);
        Assert.False(write.IsCompleted);
        Assert.Equal(bytes[..50_001], Data());
        Arrive(FrameKind.StreamCredit, 1, Number(1_000_000));
        await write;
        await outgoing.EndAsync();
        Assert.Equal(bytes, Data());
        Assert.Equal((FrameKind.StreamEnd, 1, 60_000), Sent()[^1]);
        Assert.All(_leaving.Frames, f => Assert.InRange(f.Length, FrameHeader.Size, FrameHeader.Size + StreamLimits.MaxPiece));
    }

    [Fact]
    public void A_credit_that_takes_something_back_is_a_fault()
    {
        Accept(FrameFlags.ReadsStream);
        AssertFault("a credit of 10 bytes", () => Arrive(FrameKind.StreamCredit, 1, Number(10)));
        Accept(FrameFlags.ReadsStream);
        AssertFault("not 8 bytes", () => Arrive(FrameKind.StreamCredit, 1, []));
    }

    [Fact]
    public async Task A_write_that_is_cancelled_while_it_waits_leaves_the_stream_usable()
    {
        OutgoingStream outgoing = Accept(FrameFlags.ReadsStream).Outgoing!;
        await outgoing.WriteAsync(new byte[StreamLimits.MinWindow], default);
        using var cancellation = new CancellationTokenSource();
        Task write = outgoing.WriteAsync(new byte[1], cancellation.Token).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => outgoing.WriteAsync(new byte[1], default).AsTask());

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Arrive(FrameKind.StreamCredit, 1, Number(StreamLimits.MinWindow + 2));
        await outgoing.WriteAsync(new byte[2], default);
        await outgoing.EndAsync();

        Assert.Equal((FrameKind.StreamEnd, 1, StreamLimits.MinWindow + 2), Sent()[^1]);
    }

    [Fact]
    public async Task A_write_that_still_runs_when_its_listener_returns_makes_the_stream_no_complete_one()
    {
        OutgoingStream outgoing = Accept(FrameFlags.ReadsStream).Outgoing!;
        Task write = outgoing.WriteAsync(new byte[StreamLimits.MinWindow + 1], default).AsTask();

        await outgoing.EndAsync();

        Assert.Equal(FrameKind.StreamAbort, Sent()[^1].Kind);
        Arrive(FrameKind.StreamCredit, 1, Number(1_000_000));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => write);
    }

    [Fact]
    public async Task A_peer_that_ends_fails_both_ends_and_a_stop_fails_what_is_opened_later()
    {
        MessageStreams streams = Accept(FrameFlags.ReadsStream | FrameFlags.SendsStream);
        Task<int> read = streams.Incoming!.ReadAsync(new byte[1], default).AsTask();
        Task write = streams.Outgoing!.WriteAsync(new byte[100_000], default).AsTask();

        _table.PeerGone(PeerId.Worker("worker", 1, 2));
        Assert.False(read.IsCompleted);
        _table.PeerGone(Peer);

        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => read)).Reason);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => write)).Reason);
        _table.Close("stopped");
        IncomingStream later = Accept(FrameFlags.SendsStream).Incoming!;
        Assert.Equal(IpcError.NotRunning, (await Assert.ThrowsAsync<IpcException>(() => later.ReadAsync(new byte[1], default).AsTask())).Reason);
    }

    [Fact]
    public async Task A_number_that_is_used_twice_at_once_ends_the_earlier_stream_and_leaves_the_later_one()
    {
        MessageStreams earlier = Accept(FrameFlags.ReadsStream | FrameFlags.SendsStream);
        Task<int> read = earlier.Incoming!.ReadAsync(new byte[1], default).AsTask();
        Task write = earlier.Outgoing!.WriteAsync(new byte[100_000], default).AsTask();

        IncomingStream later = Accept(FrameFlags.SendsStream).Incoming!;

        Assert.Equal(IpcError.BadMessage, (await Assert.ThrowsAsync<IpcException>(() => read.WaitAsync(TimeSpan.FromSeconds(20)))).Reason);
        Assert.Equal(IpcError.BadMessage, (await Assert.ThrowsAsync<IpcException>(() => write.WaitAsync(TimeSpan.FromSeconds(20)))).Reason);
        _table.Remove(earlier); // its listener has ended
        Task<int> last = later.ReadAsync(new byte[1], default).AsTask();
        _table.PeerGone(Peer);
        Assert.Equal(IpcError.PeerGone, (await Assert.ThrowsAsync<IpcException>(() => last.WaitAsync(TimeSpan.FromSeconds(20)))).Reason);
    }

    private static byte[] Number(long value)
    {
        byte[] bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return bytes;
    }

    private static void AssertFault(string part, Action arrive) =>
        Assert.Contains(part, Assert.Throws<InvalidOperationException>(arrive).Message, StringComparison.Ordinal);

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            await Task.Delay(1, patience.Token);
        }
    }

    private MessageStreams Accept(FrameFlags flags) => _table.Accept(Peer, Message, "test", flags);

    /// <summary>A stream of which one byte has come and was read.</summary>
    private async Task<IncomingStream> ReadingAsync()
    {
        IncomingStream incoming = Accept(FrameFlags.SendsStream).Incoming!;
        Task<int> read = incoming.ReadAsync(new byte[1], default).AsTask();
        Arrive(FrameKind.StreamData, 0, new byte[1]);
        Assert.Equal(1, await read);
        return incoming;
    }

    private void Arrive(FrameKind kind, ulong stream, byte[] body, ScriptedInboundLane? lane = null, long message = Message)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(kind, FrameFlags.None, stream, message, 0).Write(frame, FrameHeader.Size);
        body.CopyTo(frame.AsSpan(FrameHeader.Size));
        Assert.True(FrameHeader.TryRead(frame, out FrameHeader header, out int bodyOffset));
        _table.OnFrame(new InboundFrame(lane ?? _arriving, frame, 1), header, bodyOffset);
    }

    /// <summary>What was sent: kind, number of the stream, and what the body says, or its length for bytes.</summary>
    private (FrameKind Kind, int Stream, long Number)[] Sent()
    {
        return [.. _leaving.Frames.ToArray().Select(f =>
        {
            Assert.True(FrameHeader.TryRead(f, out FrameHeader header, out int bodyOffset));
            Assert.Equal(Message, header.Correlation);
            long number = header.Kind is FrameKind.StreamCredit or FrameKind.StreamEnd ? BinaryPrimitives.ReadInt64LittleEndian(f.AsSpan(bodyOffset)) : f.Length - bodyOffset;
            return (header.Kind, (int)header.ActionHash, number);
        })];
    }

    private byte[] Data() => [.. _leaving.Frames.ToArray().Where(f => f[1] == (byte)FrameKind.StreamData).SelectMany(f => f[FrameHeader.Size..])];
}
