namespace Ipc.Wiring.Library;

/// <summary>Has a listener inside it, with a service and two events.</summary>
public static class Module
{
    [Listener("PIPE_MESSAGE.library.nested")]
    [Listener("PIPE_MESSAGE.library.nested.again")]
    internal sealed class NestedListener(Greeting greeting) : IListener<string, string>
    {
        public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new($"{greeting.Text}: {message}");
    }
}
