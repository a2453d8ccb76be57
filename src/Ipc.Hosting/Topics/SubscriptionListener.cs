namespace Ipc.Topics;

/// <summary>Gives messages to the handler of a run-time subscription.</summary>
internal sealed class SubscriptionListener<TMessage>(Func<TMessage, MessageContext, CancellationToken, ValueTask> handler) : IListener<TMessage>
{
    public ValueTask HandleAsync(TMessage message, MessageContext context, CancellationToken cancellationToken) => handler(message, context, cancellationToken);
}
