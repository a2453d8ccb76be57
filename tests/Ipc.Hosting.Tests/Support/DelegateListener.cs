namespace Ipc.Hosting.Tests;

/// <summary>A listener that does what a test says.</summary>
internal sealed class DelegateListener<T>(Action<T, MessageContext> act) : IListener<T>
{
    public ValueTask HandleAsync(T message, MessageContext context, CancellationToken cancellationToken)
    {
        act(message, context);
        return default;
    }
}
