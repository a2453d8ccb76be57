using Ipc;
using Quickstart.Messages;

namespace Outsider;

/// <summary>A client's own listener: hears what the cluster sends to it, and who comes and goes there.</summary>
[Listener]
[Listener(PeerJoined.EventName)]
[Listener(PeerLeft.EventName)]
internal sealed class Guestbook(Answered answered) : IListener<Answer>, IListener<PeerJoined>, IListener<PeerLeft>
{
    public ValueTask HandleAsync(Answer message, MessageContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{context.Sender} answers: {message.Text}");
        answered.Set();
        return default;
    }

    public ValueTask HandleAsync(PeerJoined message, MessageContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{message.Peer} is there.");
        return default;
    }

    public ValueTask HandleAsync(PeerLeft message, MessageContext context, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{message.Peer} has gone.");
        return default;
    }
}
