using Ipc.Transports;
using Ipc.Transports.Rings;

namespace Ipc.Fuzz.Tests;

/// <summary>Takes, holds and finishes frames at random, and remembers what must not happen.</summary>
internal sealed class Quiet(int largestMessage) : ITransportReceiver, IRingObserver
{
    private readonly List<FrameLease> _leases = [];
    private byte _sum;

    public Garbage? Garbage { get; set; }

    public string? Failure { get; private set; }

    public void Finish()
    {
        _leases.ForEach(static lease => lease.Dispose());
        _leases.Clear();
    }

    FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
    {
        byte sum = 0;
        foreach (byte value in frame.Bytes)
        {
            sum ^= value; // every byte can be read
        }

        _sum ^= sum;
        Failure = frame.Bytes.Length > largestMessage ? $"a frame of {frame.Bytes.Length} bytes" : Failure;
        switch (Garbage!.Random.Next(6))
        {
            case 0:
                return FrameDisposition.Held;
            case 1:
                _leases.Add(frame.Take(keepBytes: true));
                break;
            case 2:
                frame.MarkStarted(redeliver: Garbage.Random.Next(2) == 0);
                _leases.Add(frame.Take(keepBytes: false));
                break;
            default:
                frame.MarkStarted();
                break;
        }

        return FrameDisposition.Consumed;
    }

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    public void LaneFaulted(RingReader lane, string reason)
    {
    }

    public void LaneDrained(RingReader lane)
    {
    }

    public void LaneBroken(RingWriter lane, string reason)
    {
    }

    public void SegmentWanted(RingWriter lane, int length) => lane.RefuseSegment();

    public void SegmentReturned(RingWriter lane, uint id)
    {
    }

    public void ReceiverFailed(RingReader lane, Exception exception) => Failure = exception.ToString();
}
