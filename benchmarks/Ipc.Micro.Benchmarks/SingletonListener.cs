namespace Ipc.Micro.Benchmarks;

/// <summary>Answers at once.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class SingletonListener : IListener<ToSingleton, ToSingleton>
{
    public async ValueTask<ToSingleton> HandleAsync(ToSingleton message, MessageContext context, CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        return message;
    }
}
