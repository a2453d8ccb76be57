using Ipc.Messaging;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>Tells the listeners of the dead-letter event, if there are any; the message is finished when they have ended.</summary>
/// <param name="dispatcher">Whose it is.</param>
/// <param name="listeners">Who listens to the event.</param>
/// <param name="letter">The event.</param>
/// <param name="context">What its listeners are told beside it.</param>
/// <param name="lease">The message.</param>
/// <param name="sender">Who sent it.</param>
/// <param name="isAcknowledged">Whether its sender is to be told that it has been dealt with: of a queue, before a listener of the event can end this process.</param>
internal sealed class DeadLetterRun(
    Dispatcher dispatcher, ActionEntry? listeners, DeadLetter letter, MessageContext context, FrameLease lease, SenderState sender, bool isAcknowledged) : IThreadPoolWorkItem
{
    private readonly EventCall _call = EventCall.Of(letter, context);

    /// <summary>Runs on the pool.</summary>
    public async void Execute()
    {
        if (isAcknowledged)
        {
            var nil = new TypedBody<MessageBody>(BuiltInSerializers.Body, MessageBody.Nil);
            await dispatcher.Answers.SendAsync(sender, letter.MessageId, letter.Action, FrameKind.Response, nil).ConfigureAwait(false); // never throws
        }

        if (listeners is not null)
        {
            await _call.TellAsync(dispatcher, listeners).ConfigureAwait(false);
        }

        lease.Dispose();
        dispatcher.Release(sender);
        dispatcher.Finished(null);
    }
}
