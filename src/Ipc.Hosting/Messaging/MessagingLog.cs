using Microsoft.Extensions.Logging;

namespace Ipc.Messaging;

/// <summary>What sending and dispatching log.</summary>
internal static partial class MessagingLog
{
    [LoggerMessage(1, LogLevel.Error, "The listener {Listener} for \"{Action}\" from {Sender} threw.")]
    public static partial void ListenerFailed(ILogger logger, Type listener, string action, PeerId sender, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "A message \"{Action}\" from {Sender} could not be decoded and was set aside: {Reason}")]
    public static partial void BadMessage(ILogger logger, string action, PeerId sender, string reason);

    [LoggerMessage(3, LogLevel.Warning, "A message from {Sender} with the action hash {Hash:x16} has no listener here and was set aside.")]
    public static partial void NoListener(ILogger logger, PeerId sender, ulong hash);

    [LoggerMessage(17, LogLevel.Warning, "\"{Action}\" from {Client} was set aside: clients may not send to it (AllowClients).")]
    public static partial void NotAllowed(ILogger logger, string action, PeerId client);

    [LoggerMessage(4, LogLevel.Warning, "{Peer} failed \"{Action}\" for a reason that could not be read.")]
    public static partial void UnreadableError(ILogger logger, PeerId peer, string action, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Messages that were still waiting or running after {Timeout} (Ipc:StopTimeout): {Count}. Their listeners' tokens have been signalled.")]
    public static partial void DrainTimedOut(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(7, LogLevel.Error, "Something that a listener registered on its cancellation token threw.")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Debug, "{Kind} of \"{Action}\" could not be sent to {Peer}: {Reason}")]
    public static partial void StreamFrameUndeliverable(ILogger logger, Transports.FrameKind kind, string action, PeerId peer, string reason);

    [LoggerMessage(9, LogLevel.Error, "The message {MessageId} \"{Action}\" from {Sender} was set aside: its listener was started {Deliveries} times in processes that died ({Reason}).")]
    public static partial void DeadLettered(ILogger logger, string action, long messageId, PeerId sender, int deliveries, DeadLetterReason reason);

    [LoggerMessage(10, LogLevel.Warning, "A message \"{Action}\" from {Sender} is delivered again, but not to {Listener}, which does not ask for that.")]
    public static partial void NotAgain(ILogger logger, Type listener, string action, PeerId sender);

    [LoggerMessage(11, LogLevel.Error, "The singleton listener {Listener} threw when it was disposed.")]
    public static partial void DisposalFailed(ILogger logger, Type listener, Exception exception);

    [LoggerMessage(12, LogLevel.Warning, "The listeners of {Event} are {Waiting} events behind; they are not told of those that happen now.")]
    public static partial void EventsWait(ILogger logger, string @event, int waiting);

    [LoggerMessage(13, LogLevel.Warning, "{Count} times {Event} has happened and its listeners were not told: they were too far behind.")]
    public static partial void EventsNotTold(ILogger logger, int count, string @event);

    [LoggerMessage(14, LogLevel.Debug, "What a worker does first could not be rehearsed; it takes longer when it is needed.")]
    public static partial void RehearsalFailed(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Debug, "The lane for answers to {Asker} could not be opened ahead of the first one: {Reason}")]
    public static partial void AnswersNotOpened(ILogger logger, PeerId asker, string reason);

    [LoggerMessage(16, LogLevel.Warning, "The contract \"{Contract}\" of {Self} differs from that of {Peer}: {Differences}. Calls of these methods fail or are misread: build both from one version of it.")]
    public static partial void ContractDiffers(ILogger logger, string contract, PeerId self, PeerId peer, string differences);

    [LoggerMessage(17, LogLevel.Error, "The message {MessageId} \"{Action}\" from {Sender} was set aside after {Deliveries} deliveries ({Reason}).")]
    public static partial void QueuedSetAside(ILogger logger, string action, long messageId, PeerId sender, int deliveries, DeadLetterReason reason);

    [LoggerMessage(6, LogLevel.Debug, "The answer to \"{Action}\" could not be sent to {Asker}: {Reason}")]
    public static partial void AnswerUndeliverable(ILogger logger, string action, PeerId asker, string reason);
}
