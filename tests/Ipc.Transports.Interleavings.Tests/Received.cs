using Ipc.Transports.Rings;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>Keeps the numbers of the frames that a loop has delivered, and what it reports.</summary>
internal sealed class Received : ITransportReceiver, IRingObserver
{
    public delegate FrameDisposition FrameAction(scoped in InboundFrame frame);

    public List<long> Numbers { get; } = [];

    public List<string> Reports { get; } = [];

    public FrameAction? OnFrame { get; set; }

    public bool IsDrained { get; private set; }

    /// <summary>Whether somebody waits for answers; always, unless a scenario says otherwise.</summary>
    public Func<bool>? Expects { get; set; }

    bool ITransportReceiver.ExpectsAnswers => Expects?.Invoke() ?? true;

    FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
    {
        if (OnFrame is { } action)
        {
            return action(frame);
        }

        Numbers.Add(NumberOf(frame));
        return FrameDisposition.Consumed;
    }

    public static long NumberOf(scoped in InboundFrame frame) => FrameHeader.TryRead(frame.Bytes, out FrameHeader header, out _) ? header.Correlation : -1;

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    public void LaneFaulted(RingReader lane, string reason) => Reports.Add(reason);

    public void LaneDrained(RingReader lane) => IsDrained = true;

    public void LaneBroken(RingWriter lane, string reason) => Reports.Add(reason);

    public void SegmentWanted(RingWriter lane, int length) => lane.RefuseSegment();

    public void SegmentReturned(RingWriter lane, uint id)
    {
    }

    public void ReceiverFailed(RingReader lane, Exception exception)
    {
        if (exception is not Killed)
        {
            Reports.Add(exception.ToString());
        }
    }
}
