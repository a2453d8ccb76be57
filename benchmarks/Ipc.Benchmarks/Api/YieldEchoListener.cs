namespace Ipc.Benchmarks.Api;

/// <summary>Answers from the thread pool: its first await gives the reader's thread back.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class YieldEchoListener(Tally tally) : IListener<YieldEcho, YieldEcho>
{
    public async ValueTask<YieldEcho> HandleAsync(YieldEcho message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.Yield();
        return message;
    }
}
