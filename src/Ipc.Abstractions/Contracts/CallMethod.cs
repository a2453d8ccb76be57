using Ipc.Dispatch;
using Ipc.Serialization;

namespace Ipc.Contracts;

/// <summary>A method that is called and answers.</summary>
internal sealed class CallMethod<TContract, TRequest, TResponse>(
    MessageSerializer<TResponse> response, Func<TContract, TRequest, CancellationToken, ValueTask<TResponse>> call)
    : ContractMethod<TContract>(TRequest.Serializer, response, hasStream: false)
    where TContract : class
    where TRequest : IMessage<TRequest>
{
    internal override string Signature => SignatureText.Write("call", ("request", TRequest.Serializer), ("result", typeof(TResponse) == typeof(NoResult) ? null : response));

    internal override ListenerDescriptor CreateListener(ContractHost<TContract> host, int maxItemSize) => new ListenerDescriptor<Listener, TRequest, TResponse>(
        ListenerDescriptor.MessageEventPrefix + Action,
        TRequest.Serializer,
        response,
        services => new Listener(host.Resolve(services), call))
    {
        ListenerType = host.Implementation,
        Lifetime = host.IsSingleton ? ListenerLifetime.Singleton : ListenerLifetime.Scoped,
        Concurrent = true,
    };

    private sealed class Listener(TContract service, Func<TContract, TRequest, CancellationToken, ValueTask<TResponse>> call) : IListener<TRequest, TResponse>
    {
        public ValueTask<TResponse> HandleAsync(TRequest message, MessageContext context, CancellationToken cancellationToken) => call(service, message, cancellationToken);
    }
}
