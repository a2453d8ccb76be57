using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Answers by hand: with a message of its own to exactly the process that asked.</summary>
[Listener(RunsIn = ListenerPlaces.Workers, AllowClients = true)]
internal sealed class QuestionListener(IMessageSender sender) : IListener<Question>
{
    public ValueTask HandleAsync(Question message, MessageContext context, CancellationToken cancellationToken) =>
        sender.SendAsync(new Answer($"\"{message.Text}\" is a good question"), Target.Peer(context.Sender), cancellationToken: cancellationToken);
}
