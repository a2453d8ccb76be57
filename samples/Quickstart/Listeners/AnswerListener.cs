using Ipc;
using Quickstart.Messages;

namespace Quickstart.Listeners;

/// <summary>Takes answers that were sent by hand; only the supervisor asks, so only there.</summary>
[Listener(RunsIn = ListenerPlaces.Supervisor)]
internal sealed class AnswerListener(Answers answers) : IListener<Answer>
{
    public ValueTask HandleAsync(Answer message, MessageContext context, CancellationToken cancellationToken)
    {
        answers.Add($"{context.Sender} answers by hand: {message.Text}");
        return default;
    }
}
