using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings.Peer;

/// <summary>Reads the inbox, one ring or several, and kills itself at a named point, on its n-th pass.</summary>
internal static class ReadingPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        RingLoopOptions options = SelfKill.Options(arguments);
        int incarnation = arguments.Number("incarnation");
        LedgerSegment ledger = LedgerSegment.Open(arguments.Descriptor("ledger"), LedgerSegment.RequiredBytes, incarnation);
        DoorbellSegment doorbell = DoorbellSegment.Open(arguments.Descriptor("doorbell"), isOwner: true);
        using DoorbellSegment writerDoorbell = DoorbellSegment.Open(arguments.Descriptor("writerDoorbell"), isOwner: false);
        using var receiver = new MixedReceiver(holds: arguments.Number("hold") != 0);
        await using var loop = new RingReaderLoop(doorbell, receiver, new SilentObserver(), new TransportLimits(), ledger, options);
        foreach ((int sender, SafeFileHandle ring) in arguments.Descriptors("rings").Index())
        {
            RingReader lane = loop.Attach(ring, arguments.Number("length"), PeerId.Worker("worker", 10 + sender, 1), LaneKind.Inbox, writerDoorbell);
            foreach (FrameSegment segment in arguments.Segments(RingRole.Reader))
            {
                lane.AddSegment(segment);
            }
        }

        Journal.Write($"pid {Environment.ProcessId}");
        loop.Start();
        while (await Task.Run(Console.ReadLine) == "go") // else the parent says stop, or is gone
        {
            receiver.Go();
        }

        return 0;
    }
}
