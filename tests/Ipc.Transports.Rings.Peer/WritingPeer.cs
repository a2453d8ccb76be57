using System.Buffers;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Writes frames into one ring until it is killed.</summary>
internal static class WritingPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        DoorbellSegment doorbell = DoorbellSegment.Open(arguments.Descriptor("doorbell"), isOwner: true);
        using DoorbellSegment readerDoorbell = DoorbellSegment.Open(arguments.Descriptor("readerDoorbell"), isOwner: false);
        using var receiver = new MixedReceiver(holds: false);
        await using var loop = new RingReaderLoop(doorbell, receiver, new SilentObserver(), new TransportLimits(), null, SelfKill.Options(arguments));
        loop.Start();
        using RingWriter writer = RingWriter.Open(
            arguments.Descriptor("ring"), arguments.Number("length"), PeerId.Worker("worker", 1, 1), LaneKind.Inbox, readerDoorbell, loop);
        foreach (FrameSegment segment in arguments.Segments(RingRole.Writer))
        {
            writer.AddSegment(segment);
        }

        Journal.Write($"pid {Environment.ProcessId}");
        byte[] frame = new byte[arguments.Number("size", 256)];
        for (int number = 0; ; number++)
        {
            new FrameHeader(FrameKind.OneWay, FrameFlags.None, 1, number, 0).Write(frame, FrameHeader.Size);
            writer.BeginFrame().Write(frame);
            await writer.CommitFrameAsync(TimeSpan.FromSeconds(30), default);
        }
    }
}
