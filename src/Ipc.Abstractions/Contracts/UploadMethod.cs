using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>A method that takes items, and answers: its listener reads them from the stream of the message.</summary>
internal sealed class UploadMethod<TContract, TRequest, TItem, TResponse>(
    MessageSerializer<TItem> items,
    MessageSerializer<TResponse> response,
    Func<TContract, TRequest, IAsyncEnumerable<TItem>, CancellationToken, ValueTask<TResponse>> call)
    : ContractMethod<TContract>(TRequest.Serializer, response, hasStream: true)
    where TContract : class
    where TRequest : IMessage<TRequest>
{
    internal override string Signature => SignatureText.Write(
        "upload", ("request", TRequest.Serializer), ("items", items), ("result", typeof(TResponse) == typeof(NoResult) ? null : response));

    internal override ListenerDescriptor CreateListener(ContractHost<TContract> host, int maxItemSize) => new ListenerDescriptor<Listener, TRequest, TResponse>(
        ListenerDescriptor.MessageEventPrefix + Action,
        TRequest.Serializer,
        response,
        services => new Listener(host.Resolve(services), call, items, maxItemSize))
    {
        ListenerType = host.Implementation,
        Lifetime = host.IsSingleton ? ListenerLifetime.Singleton : ListenerLifetime.Scoped,
        Concurrent = true,
    };

    private sealed class Listener(
        TContract service,
        Func<TContract, TRequest, IAsyncEnumerable<TItem>, CancellationToken, ValueTask<TResponse>> call,
        MessageSerializer<TItem> items,
        int maxItemSize) : IListener<TRequest, TResponse>
    {
        public ValueTask<TResponse> HandleAsync(TRequest message, MessageContext context, CancellationToken cancellationToken)
        {
            Stream stream = context.Stream;
            return call(service, message, ItemStream.ReadAsync(_ => new ValueTask<Stream>(stream), items, maxItemSize, cancellationToken), cancellationToken);
        }
    }
}
