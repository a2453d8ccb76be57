namespace Ipc.Benchmarks.Api;

/// <summary>Answers the smallest message with what it got, at once.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class SmallEchoListener(Tally tally) : IListener<SmallEcho, SmallEcho>
{
    public async ValueTask<SmallEcho> HandleAsync(SmallEcho message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.CompletedTask;
        return message;
    }
}
