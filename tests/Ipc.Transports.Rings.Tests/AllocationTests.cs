using System.Buffers;

namespace Ipc.Transports.Rings.Tests;

public sealed class AllocationTests
{
    [Fact]
    public async Task Writing_and_reading_a_frame_allocates_nothing()
    {
        const int Frames = 20_000;
        long allocated = -1;
        long atStart = 0;
        int got = 0;
        var receiver = new RecordingReceiver();
        receiver.OnFrame = (scoped in InboundFrame frame) =>
        {
            frame.MarkStarted();
            frame.Lane.EnterUserCode();
            if (++got == Frames)
            {
                atStart = GC.GetAllocatedBytesForCurrentThread();
            }
            else if (got == 3 * Frames)
            {
                // Volatile, so that the test's thread sees what this one has counted.
                Volatile.Write(ref allocated, GC.GetAllocatedBytesForCurrentThread() - atStart);
            }

            return FrameDisposition.Consumed;
        };

        // The reading stays on one thread, else the counter of another one is compared.
        await using var link = new Link(receiver, options: new RingLoopOptions { StandbyTick = TimeSpan.FromMinutes(1) });
        long written = await Task.Factory.StartNew(
            () =>
            {
                byte[] bytes = Wait.Frame(1, 256);
                Write(link, bytes, Frames);
                long before = GC.GetAllocatedBytesForCurrentThread();
                Write(link, bytes, 2 * Frames);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            },
            TaskCreationOptions.LongRunning);

        await Wait.Until(() => Volatile.Read(ref allocated) >= 0, "all frames are read");
        Assert.Equal(0, written);
        Assert.Equal(0, allocated);
    }

    private static void Write(Link link, byte[] bytes, int count)
    {
        for (int i = 0; i < count; i++)
        {
            while (true)
            {
                link.Writer.BeginFrame().Write(bytes);
                if (!link.IsNearlyFull)
                {
                    break;
                }

                link.Writer.AbortFrame();
                Thread.Yield();
            }

            ValueTask<long> sent = link.Writer.CommitFrameAsync(Wait.Deadline, default);
            Assert.True(sent.IsCompletedSuccessfully);
        }
    }
}
