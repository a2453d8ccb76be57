namespace Ipc.Benchmarks;

/// <summary>What is asked and answered: about 256 bytes on the wire.</summary>
[Message("bench.echo")]
public partial record Echo(Guid Id, decimal Amount, long Number, byte[] Data) : IRequestMessage<Echo>
{
    public static Echo Sample { get; } = new(Guid.NewGuid(), 12.5m, 1, new byte[200]);
}

/// <summary>The same for a listener with a scope per message.</summary>
[Message("bench.scoped")]
public partial record ScopedEcho(Guid Id, decimal Amount, long Number, byte[] Data) : IRequestMessage<Echo>;

/// <summary>Sent one way, counted.</summary>
[Message("bench.count")]
public partial record struct Count(long Number, Guid Id, decimal Amount);

/// <summary>How many were counted, and whether any was missing or out of order.</summary>
[Message("bench.counted")]
public partial record Counted : IRequestMessage<Tally>;

/// <summary>What a worker has counted.</summary>
[Message]
public partial record Tally(long Handled, long OutOfOrder);

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class EchoListener : IListener<Echo, Echo>
{
    public ValueTask<Echo> HandleAsync(Echo message, MessageContext context, CancellationToken cancellationToken) => new(message);
}

[Listener]
internal sealed class ScopedEchoListener(ScopedService service) : IListener<ScopedEcho, Echo>
{
    public ValueTask<Echo> HandleAsync(ScopedEcho message, MessageContext context, CancellationToken cancellationToken) => new(service.Answer(message));
}

/// <summary>What the scoped listener gets injected.</summary>
public sealed class ScopedService
{
    private int _answers;

    public Echo Answer(ScopedEcho message) => new(message.Id, message.Amount, message.Number + _answers++, message.Data);
}

/// <summary>What the counting listeners of one worker share.</summary>
public sealed class Counter
{
    public long Handled { get; set; }

    public long OutOfOrder { get; set; }
}

[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class CountListener(Counter counter) : IListener<Count>
{
    public ValueTask HandleAsync(Count message, MessageContext context, CancellationToken cancellationToken)
    {
        if (message.Number != counter.Handled)
        {
            counter.OutOfOrder++;
        }

        counter.Handled = message.Number + 1;
        return default;
    }
}

[Listener]
internal sealed class CountedListener(Counter counter) : IListener<Counted, Tally>
{
    public ValueTask<Tally> HandleAsync(Counted message, MessageContext context, CancellationToken cancellationToken) =>
        new(new Tally(counter.Handled, counter.OutOfOrder));
}
