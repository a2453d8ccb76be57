namespace Ipc.Wiring.Tests;

/// <summary>A listener of the program itself.</summary>
[Listener("PIPE_MESSAGE.own", Priority = 5)]
internal sealed class OwnListener : IListener<int, int>
{
    public ValueTask<int> HandleAsync(int message, MessageContext context, CancellationToken cancellationToken) => new(message + 1);
}
