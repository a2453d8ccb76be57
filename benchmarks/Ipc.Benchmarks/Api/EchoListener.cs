namespace Ipc.Benchmarks.Api;

/// <summary>Answers with what it got, at once.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class EchoListener(Tally tally) : IListener<Echo, Echo>
{
    public async ValueTask<Echo> HandleAsync(Echo message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.CompletedTask;
        return message;
    }
}
