namespace Ipc.Benchmarks.Api;

/// <summary>Answers the smallest message from the thread pool: its first await gives the reader's thread back.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class SmallYieldEchoListener(Tally tally) : IListener<SmallYieldEcho, SmallYieldEcho>
{
    public async ValueTask<SmallYieldEcho> HandleAsync(SmallYieldEcho message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.Yield();
        return message;
    }
}
