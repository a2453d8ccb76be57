using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Topics;

/// <summary>The public way to publish and subscribe, over whatever transport the peer has.</summary>
internal sealed class PeerTopics(Peer peer) : ITopics
{
    private readonly TopicPublisher _publisher = new(peer);
    private readonly TopicSubscriber _subscriber = new(peer);

    public ValueTask<int> PublishAsync<TMessage>(string topic, TMessage message, SendOptions? options, CancellationToken cancellationToken)
    {
        TopicSubscription.ThrowIfNoTopic(topic);
        ArgumentNullException.ThrowIfNull(message);
        return _publisher.PublishAsync(topic, new TypedBody<TMessage>(peer.Registry.GetSerializer<TMessage>(), message), options, cancellationToken);
    }

    /// <summary>A client has joined anew.</summary>
    public void AnnounceAgain() => _subscriber.AnnounceAgain();

    public ValueTask<IAsyncDisposable> SubscribeAsync<TMessage>(
        string pattern, Func<TMessage, MessageContext, CancellationToken, ValueTask> handler, SubscribeOptions? options, CancellationToken cancellationToken) =>
        _subscriber.SubscribeAsync(pattern, handler, options, cancellationToken);
}
