namespace Ipc.Hosting.Tests;

/// <summary>A message without anything that has to be allocated.</summary>
[Message("test.probe")]
public partial record struct Probe(int Number) : IRequestMessage<Probe>;

/// <summary>Does what a test says, then gives the message back.</summary>
[Listener(Lifetime = ListenerLifetime.Singleton)]
internal sealed class ProbeListener(Gates gates) : IListener<Probe, Probe>
{
    public ValueTask<Probe> HandleAsync(Probe message, MessageContext context, CancellationToken cancellationToken)
    {
        ValueTask running = gates.OnProbe?.Invoke(message, context) ?? default;
        return running.IsCompletedSuccessfully ? new(message) : LaterAsync(running, message);
    }

    private static async ValueTask<Probe> LaterAsync(ValueTask running, Probe message)
    {
        await running;
        return message;
    }
}
