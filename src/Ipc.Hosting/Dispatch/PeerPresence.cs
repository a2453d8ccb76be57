using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>Raises <c>PEER.JOINED</c> and <c>PEER.LEFT</c> for what differs between one directory and the next. Used by one thread at a time.</summary>
/// <param name="events">Tells who listens.</param>
internal sealed class PeerPresence(EventQueues events)
{
    private HashSet<PeerId> _present = [];

    /// <summary>A directory has come.</summary>
    /// <param name="self">Who looks: it is told of the others.</param>
    /// <param name="directory">Everybody, now.</param>
    public void Update(PeerId self, PeerDirectory directory)
    {
        HashSet<PeerId> present = [.. directory.Peers.Where(peer => peer.IsReady && !peer.Id.IsSameSlot(self)).Select(peer => peer.Id)];
        foreach (PeerId gone in _present.Where(peer => !present.Contains(peer)))
        {
            events.Raise(PeerLeft.EventName, new PeerLeft(gone));
        }

        foreach (PeerId joined in present.Where(peer => !_present.Contains(peer)))
        {
            events.Raise(PeerJoined.EventName, new PeerJoined(joined));
        }

        _present = present;
    }
}
