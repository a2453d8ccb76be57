namespace Ipc.Transports.Rings.Tests;

public sealed class RingTests
{
    private static readonly TransportLimits Small = new() { RingSize = 4096, AnswerRingSize = 4096, MaxMessageSize = 1 << 20 };

    [Fact]
    public async Task A_frame_arrives_as_it_was_written()
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver);
        byte[] frame = Wait.Frame(1, 300);

        long position = await link.Writer.Send(frame);

        await Wait.Until(() => receiver.Frames.Count == 1, "the frame arrives");
        Assert.Equal(frame, receiver.Frames.Single());
        Assert.Equal(312, position);
    }

    [Theory]
    [InlineData(1, 4096, 600)]
    [InlineData(2, 4096, 2200)]
    [InlineData(3, 4096, 20_000)]
    [InlineData(4, 8192, 70_000)]
    [InlineData(5, 65536, 30_000)]
    public async Task Frames_of_any_size_arrive_complete_and_in_order(int seed, int ringSize, int largest)
    {
        var receiver = new RecordingReceiver();
        await using var link = new Link(receiver, Small with { RingSize = ringSize });
        var random = new Random(seed);
        var oracle = new Queue<byte[]>();
        var sends = new List<Task<long>>();
        for (int i = 0; i < 2000; i++)
        {
            byte[] frame = Wait.Frame(i, random.Next(FrameHeader.Size, random.Next(2) == 0 ? 200 : largest));
            oracle.Enqueue(frame);
            sends.Add(link.Writer.Send(frame).AsTask());
            if (random.Next(8) == 0)
            {
                await Task.WhenAll(sends);
            }
        }

        long[] positions = await Task.WhenAll(sends);
        await Wait.Until(() => receiver.Frames.Count == oracle.Count || !link.Observer.Faults.IsEmpty, "all frames arrive");

        Assert.Empty(link.Observer.Faults);
        Assert.Equal(positions.Order(), positions);
        receiver.AssertFrames(oracle);
    }
}
