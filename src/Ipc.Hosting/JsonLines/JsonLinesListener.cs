namespace Ipc.JsonLines;

/// <summary>What a client that speaks JSON lines listens with: it passes every message on to the connection.</summary>
/// <param name="action">The action.</param>
/// <param name="inbox">Takes the messages.</param>
internal sealed class JsonLinesListener(string action, JsonLinesInbox inbox) : IListener<MessageBody>
{
    public ValueTask HandleAsync(MessageBody message, MessageContext context, CancellationToken cancellationToken) => inbox(action, message, context.Sender);
}
