using Ipc.Messaging;
using Ipc.Transports;

namespace Ipc.Dispatch;

/// <summary>Tells the listeners of the dead-letter event; the message is finished when they have ended.</summary>
internal sealed class DeadLetterRun(Dispatcher dispatcher, ActionEntry listeners, DeadLetter letter, MessageContext context, FrameLease lease, SenderState sender) : IThreadPoolWorkItem
{
    private readonly EventCall _call = EventCall.Of(letter, context);

    /// <summary>Runs on the pool.</summary>
    public async void Execute()
    {
        await _call.TellAsync(dispatcher, listeners).ConfigureAwait(false);
        lease.Dispose();
        dispatcher.Release(sender);
        dispatcher.Finished(null);
    }
}
