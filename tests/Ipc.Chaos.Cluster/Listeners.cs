namespace Ipc.Chaos.Cluster;

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class QuickListener(LedgerFile ledger) : IListener<Quick>
{
    public ValueTask HandleAsync(Quick message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        ledger.Ended(context, message.Number);
        return default;
    }
}

[Listener]
internal sealed class LaterListener(LedgerFile ledger) : IListener<Later>
{
    public async ValueTask HandleAsync(Later message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        await Task.Delay(message.Number % 4, CancellationToken.None);
        ledger.Ended(context, message.Number);
    }
}

[Listener]
internal sealed class BlockListener(LedgerFile ledger) : IListener<Block>
{
    public ValueTask HandleAsync(Block message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        Thread.Sleep(message.Number % 8);
        ledger.Ended(context, message.Number);
        return default;
    }
}

[Listener]
internal sealed class BigListener(LedgerFile ledger) : IListener<Big>
{
    public async ValueTask HandleAsync(Big message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        await Task.Yield();
        ledger.Ended(context, message.Number);
    }
}

[Listener]
internal sealed class AskListener(LedgerFile ledger, IpcProcess process) : IListener<Ask, Answer>
{
    public ValueTask<Answer> HandleAsync(Ask message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        ledger.Ended(context, message.Number);
        return new(new Answer(context.Sender.ToString(), message.Number, process.Id.ToString()));
    }
}

[Listener]
internal sealed class AskLaterListener(LedgerFile ledger, IpcProcess process) : IListener<AskLater, Answer>
{
    public async ValueTask<Answer> HandleAsync(AskLater message, MessageContext context, CancellationToken cancellationToken)
    {
        ledger.Started(context, message.Number, message.Payload);
        await Task.Delay(message.Number % 4, CancellationToken.None);
        ledger.Ended(context, message.Number);
        return new Answer(context.Sender.ToString(), message.Number, process.Id.ToString());
    }
}
