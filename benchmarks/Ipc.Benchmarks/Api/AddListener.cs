namespace Ipc.Benchmarks.Api;

/// <summary>Adds, at once; overlapping, as calls of a contract are.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton, Concurrent = true)]
internal sealed class AddListener : IListener<Add, long>
{
    public ValueTask<long> HandleAsync(Add message, MessageContext context, CancellationToken cancellationToken) => new(message.Values.Sum(static value => (long)value));
}
