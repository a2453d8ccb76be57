namespace Ipc.Benchmarks.Api;

/// <summary>Answers in a scope of its own, with one service injected.</summary>
[Listener]
internal sealed class ScopedEchoListener(ScopedTally tally) : IListener<ScopedEcho, ScopedEcho>
{
    public async ValueTask<ScopedEcho> HandleAsync(ScopedEcho message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.CompletedTask;
        return message;
    }
}
