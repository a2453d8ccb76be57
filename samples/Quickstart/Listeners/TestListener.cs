using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Hears <c>test</c>, wherever it is sent.</summary>
[Listener("PIPE_MESSAGE.test", AllowClients = true)]
internal sealed class TestListener(Narrator narrator) : IListener<Test>
{
    public ValueTask HandleAsync(Test message, MessageContext context, CancellationToken cancellationToken)
    {
        narrator.Say($"heard \"{message.Text}\" from {context.Sender}");
        return default;
    }
}
