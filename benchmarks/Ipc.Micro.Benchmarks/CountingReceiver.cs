using Ipc.Transports;
using Ipc.Transports.Rings;

namespace Ipc.Micro.Benchmarks;

/// <summary>Counts frames.</summary>
internal sealed class CountingReceiver : ITransportReceiver, IRingObserver
{
    private long _received;

    public long Received => Volatile.Read(ref _received);

    public FrameDisposition OnFrame(scoped in InboundFrame frame)
    {
        frame.MarkStarted();
        Volatile.Write(ref _received, _received + 1);
        return FrameDisposition.Consumed;
    }

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    public void LaneFaulted(RingReader lane, string reason) => throw new InvalidOperationException(reason);

    public void SegmentWanted(RingWriter lane, int length) => lane.RefuseSegment();

    public void SegmentReturned(RingWriter lane, uint id)
    {
    }

    public void LaneBroken(RingWriter lane, string reason) => throw new InvalidOperationException(reason);

    public void LaneDrained(RingReader lane)
    {
    }

    public void ReceiverFailed(RingReader lane, Exception exception) => throw new InvalidOperationException("A receiver that only counts has failed.", exception);
}
