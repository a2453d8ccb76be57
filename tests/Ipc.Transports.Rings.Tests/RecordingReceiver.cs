using System.Collections.Concurrent;

namespace Ipc.Transports.Rings.Tests;

/// <summary>Keeps a copy of every frame, or does what a test says.</summary>
internal sealed class RecordingReceiver : ITransportReceiver
{
    public delegate FrameDisposition FrameAction(scoped in InboundFrame frame);

    public ConcurrentQueue<byte[]> Frames { get; } = new();

    public FrameAction? OnFrame { get; set; }

    /// <summary>Whether somebody waits for answers; always, unless a test says otherwise.</summary>
    public Func<bool>? Expects { get; set; }

    /// <summary>Exactly these have arrived, in this order. Assert.Equal would look at each of millions of bytes as an object.</summary>
    public void AssertFrames(IReadOnlyCollection<byte[]> expected)
    {
        Assert.Equal(expected.Count, Frames.Count);
        int number = 0;
        foreach ((byte[] frame, byte[] arrived) in expected.Zip(Frames))
        {
            Assert.True(frame.AsSpan().SequenceEqual(arrived), $"Frame {number} is another one.");
            number++;
        }
    }

    bool ITransportReceiver.ExpectsAnswers => Expects?.Invoke() ?? true;

    FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
    {
        if (OnFrame is { } action)
        {
            return action(frame);
        }

        Frames.Enqueue(frame.Bytes.ToArray());
        return FrameDisposition.Consumed;
    }

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }
}
