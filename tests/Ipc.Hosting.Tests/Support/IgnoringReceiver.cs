using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Takes every frame, and does nothing with it.</summary>
internal sealed class IgnoringReceiver : ITransportReceiver
{
    public FrameDisposition OnFrame(scoped in InboundFrame frame) => FrameDisposition.Consumed;

    public void OnDirectoryChanged(PeerDirectory directory)
    {
    }

    public void OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    public void OnRequestInterrupted(PeerId reader, long correlation)
    {
    }
}
