namespace Ipc.Benchmarks.Api;

/// <summary>Answers the smallest message in a scope of its own, with one service injected.</summary>
[Listener]
internal sealed class SmallScopedEchoListener(ScopedTally tally) : IListener<SmallScopedEcho, SmallScopedEcho>
{
    public async ValueTask<SmallScopedEcho> HandleAsync(SmallScopedEcho message, MessageContext context, CancellationToken cancellationToken)
    {
        tally.Count(message.Number);
        await Task.CompletedTask;
        return message;
    }
}
