namespace Ipc.Transports.Rings.Peer;

/// <summary>Tells the parent what went wrong.</summary>
internal sealed class SilentObserver : IRingObserver
{
    public void LaneFaulted(RingReader lane, string reason) => Journal.Write($"fault {reason}");

    public void LaneDrained(RingReader lane) => Journal.Write("drained");

    public void LaneBroken(RingWriter lane, string reason) => Journal.Write($"broken {reason}");

    public void SegmentWanted(RingWriter lane, int length) => lane.RefuseSegment(); // what it has was given to it at its start

    public void SegmentReturned(RingWriter lane, uint id) => Journal.Write($"returned {id}");

    public void ReceiverFailed(RingReader lane, Exception exception) => Journal.Write($"failed {exception.GetType().Name} {exception.Message}");
}
