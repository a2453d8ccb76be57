namespace Ipc.Transports.Rings.Peer;

/// <summary>Reads one inbox and kills itself at a named point, on its n-th pass.</summary>
internal static class ReadingPeer
{
    public static async Task<int> RunAsync(Arguments arguments)
    {
        RingLoopOptions options = SelfKill.Options(arguments);
        int incarnation = arguments.Number("incarnation");
        LedgerSegment ledger = LedgerSegment.Open(arguments.Descriptor("ledger"), LedgerSegment.RequiredBytes, incarnation);
        DoorbellSegment doorbell = DoorbellSegment.Open(arguments.Descriptor("doorbell"), isOwner: true);
        using DoorbellSegment writerDoorbell = DoorbellSegment.Open(arguments.Descriptor("writerDoorbell"), isOwner: false);
        using var receiver = new MixedReceiver();
        await using var loop = new RingReaderLoop(doorbell, receiver, new SilentObserver(), new TransportLimits(), ledger, options);
        loop.Attach(arguments.Descriptor("ring"), arguments.Number("length"), PeerId.Worker("worker", 0, 1), LaneKind.Inbox, writerDoorbell);
        Journal.Write($"pid {Environment.ProcessId}");
        loop.Start();
        await Task.Run(Console.ReadLine); // the parent says stop, or is gone
        return 0;
    }
}
