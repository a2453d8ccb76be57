namespace Ipc.Hosting.Tests;

/// <summary>A listener that answers as a test says.</summary>
internal sealed class DelegateAnswerer(Func<string, string> answer) : IListener<string, string>
{
    public ValueTask<string> HandleAsync(string message, MessageContext context, CancellationToken cancellationToken) => new(answer(message));
}
