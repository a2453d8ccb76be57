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

    [Fact]
    public async Task A_reader_that_says_the_same_again_and_again_is_not_listened_to()
    {
        (FileDescriptor writing, FileDescriptor reading) = UnixSocket.CreatePair();
        var lane = new PipeOutboundLane(1, writing, PeerId.Worker("worker", 1, 1), LaneKind.Inbox, 64 << 20);
        using Socket reader = reading.IntoSocket();
        reader.Blocking = true;
        await lane.SendAsync(Frames.Numbered(1, Small));
        using var stop = new CancellationTokenSource();
        Task flood = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    while (!stop.IsCancellationRequested)
                    {
                        Acknowledge(reader, finished: 1);
                    }
                }
                catch (SocketException)
                {
                    // Nobody reads it any more.
                }
            },
            TaskCreationOptions.LongRunning);
        var settled = new TaskCompletionSource<(long Position, long Unfinished)>(TaskCreationOptions.RunContinuationsAsynchronously);

        await Task.Run(() => lane.Settle("it dropped the lane", (position, unfinished) => settled.SetResult((position, unfinished)))).WaitAsync(Frames.Patience);

        Assert.Equal(1, (await settled.Task.WaitAsync(Frames.Patience)).Position);
        await stop.CancelAsync();
        await flood.WaitAsync(Frames.Patience);
    }

    [Fact]
    public async Task Sends_that_nobody_awaits_fill_the_process_only_so_far()
    {
        (FileDescriptor writing, FileDescriptor reading) = UnixSocket.CreatePair();
        var lane = new PipeOutboundLane(1, writing, PeerId.Worker("worker", 1, 1), LaneKind.Inbox, 1 << 20);
        using Socket reader = reading.IntoSocket(); // reads nothing
        var sends = new List<Task<long>>();
        for (int i = 0; i < 100; i++)
        {
            sends.Add(lane.SendAsync(Frames.Numbered(i, 100_001)).AsTask());
        }

        Task<long> refused = sends.First(send => send.IsFaulted);

        Assert.Contains("four times Ipc:MaxMessageSize, at least 4 MiB", (await Assert.ThrowsAsync<IpcException>(() => refused)).Message, StringComparison.Ordinal);
        Assert.InRange(sends.Count(send => !send.IsCompleted), 30, 45); // 4 MiB
        lane.Close("the test is over");
        foreach (Task<long> send in sends.Where(send => !send.IsCompletedSuccessfully))
        {
            await Assert.ThrowsAsync<IpcException>(() => send);
        }
    }

    private static void Acknowledge(Socket reader, long finished)
    {
        byte[] bytes = new byte[PipeAcknowledgement.Size];
        new PipeAcknowledgement(1, Small + FrameBuffer.PrefixSize, finished).Write(bytes);
        Assert.Equal(bytes.Length, reader.Send(bytes));
    }
}
