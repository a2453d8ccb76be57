using System.Collections.Concurrent;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>Finds who has subscribed to a topic, and remembers it as long as the directory is the same. Thread-safe.</summary>
internal sealed class TopicRoutes
{
    /// <summary>How many topics are remembered: names may be made up without end.</summary>
    private const int MaxRemembered = 4096;

    private const string Nobody = "topic";
    private Known _known = new(PeerDirectory.Empty);

    private sealed class Known(PeerDirectory directory)
    {
        public PeerDirectory Directory { get; } = directory;

        public ConcurrentDictionary<string, TopicRoute> Routes { get; } = new(StringComparer.Ordinal);
    }

    public TopicRoute Find(PeerDirectory directory, string topic)
    {
        Known known = Volatile.Read(ref _known);
        if (ReferenceEquals(known.Directory, directory) && known.Routes.TryGetValue(topic, out TopicRoute? route))
        {
            return route;
        }

        if (!ReferenceEquals(known.Directory, directory) || known.Routes.Count >= MaxRemembered)
        {
            known = new Known(directory);
            Volatile.Write(ref _known, known);
        }

        return known.Routes.GetOrAdd(topic, static (name, all) => Create(all, name), directory);
    }

    private static TopicRoute Create(PeerDirectory directory, string topic)
    {
        TopicRecipient[] all =
        [
            .. from peer in directory.Peers
               where peer.IsTarget
               from subscription in peer.Actions.Subscriptions
               where subscription.Matches(topic)
               select new TopicRecipient(peer, subscription),
        ];
        TopicRecipient? closed = all.Where(IsClosed).Select(static r => (TopicRecipient?)r).FirstOrDefault();
        all = closed is null ? all : Array.FindAll(all, r => !IsClosed(r));
        TopicRecipient[] recipients = Array.FindAll(all, r => r.Subscription.Queue is null);
        return new TopicRoute(
            recipients,
            [.. all.Where(r => r.Subscription.Queue is not null).GroupBy(r => r.Subscription.Queue!, StringComparer.Ordinal).Select(queue => new QueueRoute(queue.Key, [.. queue]))],
            Array.Exists(recipients, r => !r.Subscription.IsExact),
            all.Length == 0 ? Nobody : all[0].Subscription.Action,
            closed);

        static bool IsClosed(TopicRecipient recipient) => recipient.Peer.Actions.IsClosed(recipient.Subscription.ActionHash);
    }
}
