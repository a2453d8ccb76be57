namespace Ipc.Transports.Broker;

/// <summary>Takes the run-time subscriptions of peers, and says when everybody who is connected has the directory with them. Control thread only.</summary>
/// <param name="publish">Sends a directory that asks for an answer, unless it is too large.</param>
internal sealed class SubscriptionDesk(Func<SubscriptionDesk.Published?> publish)
{
    /// <summary>How many announcements of one peer may wait: of one that goes on and on while another is stopped.</summary>
    internal const int MaxOpen = 1024;

    private readonly List<Waiting> _waiting = [];

    /// <summary>A directory that was sent.</summary>
    /// <param name="Number">Which one.</param>
    /// <param name="To">Who got it.</param>
    internal readonly record struct Published(uint Number, IReadOnlyCollection<PeerLink> To);

    private sealed record Waiting(BrokerPeer Peer, uint Number, HashSet<PeerLink> Behind, Action<bool> Known);

    /// <summary>Whether somebody waits, so that directories have to ask for an answer: the newest one replaces those that were not sent.</summary>
    public bool IsWaiting => _waiting.Count > 0;

    /// <summary>Replaces the run-time subscriptions of a peer.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="subscriptions">All of them.</param>
    /// <param name="known">Called once: with true when everybody has the directory, with false when they are too many, or come too often, and nothing has changed.</param>
    public void Announce(BrokerPeer peer, IReadOnlyList<TopicSubscription> subscriptions, Action<bool> known)
    {
        if (peer.OpenAnnouncements >= MaxOpen)
        {
            known(false);
            return;
        }

        PeerActions before = peer.Actions;
        peer.Actions = peer.Greeted.With(subscriptions);
        if (publish() is not { } published)
        {
            peer.Actions = before;
            known(false);
            return;
        }

        if (published.To.Count == 0)
        {
            known(true);
            return;
        }

        peer.OpenAnnouncements++;
        _waiting.Add(new Waiting(peer, published.Number, [.. published.To], known));
    }

    /// <summary>A peer has a directory.</summary>
    public void Known(PeerLink link, uint number) => Remove(link, waiting => waiting.Number <= number);

    /// <summary>A peer's connection has ended: it learns nothing more.</summary>
    public void Gone(PeerLink link)
    {
        foreach (Waiting own in _waiting.Where(waiting => waiting.Peer == link.Peer).ToArray())
        {
            _waiting.Remove(own); // nobody is left to be told of it
            own.Peer.OpenAnnouncements--;
        }

        Remove(link, static _ => true);
    }

    private void Remove(PeerLink link, Func<Waiting, bool> from)
    {
        foreach (Waiting waiting in _waiting.Where(from).ToArray())
        {
            if (waiting.Behind.Remove(link) && waiting.Behind.Count == 0)
            {
                _waiting.Remove(waiting);
                waiting.Peer.OpenAnnouncements--;
                waiting.Known(true);
            }
        }
    }
}
