using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>A method that gives items: its listener writes them into the stream of the message, and ends with them.</summary>
internal sealed class StreamMethod<TContract, TRequest, TItem>(
    MessageSerializer<TItem> items, Func<TContract, TRequest, CancellationToken, IAsyncEnumerable<TItem>> call)
    : ContractMethod<TContract>(TRequest.Serializer, null, hasStream: true)
    where TContract : class
    where TRequest : IMessage<TRequest>
{
    internal override string Signature => SignatureText.Write("stream", ("request", TRequest.Serializer), ("items", items));

    internal override ListenerDescriptor CreateListener(ContractHost<TContract> host, int maxItemSize) => new ListenerDescriptor<Listener, TRequest>(
        ListenerDescriptor.MessageEventPrefix + Action, TRequest.Serializer, services => new Listener(host.Resolve(services), call, items, maxItemSize))
    {
        ListenerType = host.Implementation,
        Lifetime = host.IsSingleton ? ListenerLifetime.Singleton : ListenerLifetime.Scoped,
        Concurrent = true,
    };

    private sealed class Listener(
        TContract service, Func<TContract, TRequest, CancellationToken, IAsyncEnumerable<TItem>> call, MessageSerializer<TItem> items, int maxItemSize) : IListener<TRequest>
    {
        public async ValueTask HandleAsync(TRequest message, MessageContext context, CancellationToken cancellationToken)
        {
            await foreach (ReadOnlyMemory<byte> piece in ItemWriter.WriteAsync(call(service, message, cancellationToken), items, maxItemSize, cancellationToken).ConfigureAwait(false))
            {
                await context.Stream.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
