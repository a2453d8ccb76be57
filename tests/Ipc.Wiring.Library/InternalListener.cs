namespace Ipc.Wiring.Library;

/// <summary>Seen by nobody outside its assembly but the emitted table.</summary>
[Listener("PIPE_MESSAGE.library.internal")]
internal sealed class InternalListener : IListener<string, string>
{
    public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new($"internal: {message}");
}
