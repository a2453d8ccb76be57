namespace Ipc.Transports.Rings.Peer;

/// <summary>Tells the parent what went wrong.</summary>
internal sealed class SilentObserver : IRingObserver
{
    public void LaneFaulted(RingReader lane, string reason) => Journal.Write($"fault {reason}");

    public void LaneDrained(RingReader lane) => Journal.Write("drained");

    public void LaneBroken(RingWriter lane, string reason) => Journal.Write($"broken {reason}");

    public void ReceiverFailed(RingReader lane, Exception exception) => Journal.Write($"failed {exception.GetType().Name} {exception.Message}");
}
