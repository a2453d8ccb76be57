using System.Buffers;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Sends every request back on the answer ring, from the reader thread.</summary>
internal static class EchoPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        DoorbellSegment doorbell = DoorbellSegment.Open(arguments.Descriptor("doorbell"), isOwner: true);
        using DoorbellSegment asker = DoorbellSegment.Open(arguments.Descriptor("askerDoorbell"), isOwner: false);
        var receiver = new Echo();
        RingLoopOptions? options = arguments.Number("spin", -1) is var spin and >= 0 ? new RingLoopOptions { SpinBudget = spin == 0 ? 0 : 50, YieldBudget = spin } : null;
        await using var loop = new RingReaderLoop(doorbell, receiver, new SilentObserver(), new TransportLimits(), null, options);
        receiver.Answers = RingWriter.Open(
            arguments.Descriptor("answers"), arguments.Number("answersLength"), PeerId.Supervisor, LaneKind.Answer, asker, loop);
        loop.Attach(arguments.Descriptor("ring"), arguments.Number("length"), PeerId.Supervisor, LaneKind.Inbox, asker);
        loop.Start();
        Journal.Write($"pid {Environment.ProcessId}");
        await Task.Run(Console.ReadLine);
        Journal.Write($"received {receiver.Received} parks {loop.Parks} handovers {loop.HandOvers}");
        return 0;
    }

    private sealed class Echo : ITransportReceiver
    {
        public RingWriter? Answers { get; set; }

        public long Received { get; private set; }

        public FrameDisposition OnFrame(scoped in InboundFrame frame)
        {
            frame.MarkStarted();
            Received++;
            if (!FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out _))
            {
                throw new InvalidDataException("Not a frame.");
            }

            frame.Lane.EnterUserCode();
            if (header.Kind == FrameKind.Request)
            {
                IBufferWriter<byte> writer = Answers!.BeginFrame();
                writer.Write(frame.Bytes); // still in place: nobody has taken the reading over within a microsecond, and it is a measurement
                ValueTask<long> sent = Answers.CommitFrameAsync(TimeSpan.Zero, default);
                if (!sent.IsCompletedSuccessfully)
                {
                    throw new InvalidOperationException("The answer ring is full.");
                }
            }

            return FrameDisposition.Consumed;
        }

        public void OnDirectoryChanged(PeerDirectory directory)
        {
        }

        public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
        {
        }
    }
}
