using System.Buffers;
using System.Net.Sockets;
using Ipc.Transports.Interop;
using Ipc.Transports.Pipes;
using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>The writing end of a pipe, whose reader is the test.</summary>
public sealed class PipeOutboundLaneTests
{
    private const int Small = 100;

    [Fact]
    public async Task What_the_reader_had_finished_is_counted_also_when_sending_fails_first()
    {
        (FileDescriptor writing, FileDescriptor reading) = UnixSocket.CreatePair();
        var lane = new PipeOutboundLane(1, writing, PeerId.Worker("worker", 1, 1), LaneKind.Inbox, 64 << 20);
        using Socket reader = reading.IntoSocket();
        reader.Blocking = true;
        await lane.SendAsync(Frames.Numbered(1, Small));
        Acknowledge(reader, finished: 0);
        await lane.SendAsync(Frames.Numbered(2, 16 << 20)); // more than the kernel takes: the pump has the rest
        Task pump = lane.FlushAsync();
        Assert.False(pump.IsCompleted);

        Acknowledge(reader, finished: 1);
        reader.Close();
        await pump.WaitAsync(Frames.Patience);
        Assert.True(lane.IsClosed);
        var settled = new TaskCompletionSource<(long Position, long Unfinished)>();
        lane.Settle("its process has ended", (position, unfinished) => settled.SetResult((position, unfinished)));

        Assert.Equal((2, 1), await settled.Task.WaitAsync(Frames.Patience));
    }

    private static void Acknowledge(Socket reader, long finished)
    {
        byte[] bytes = new byte[PipeAcknowledgement.Size];
        new PipeAcknowledgement(1, Small + FrameBuffer.PrefixSize, finished).Write(bytes);
        Assert.Equal(bytes.Length, reader.Send(bytes));
    }
}
