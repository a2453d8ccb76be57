using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>The events of one process that are no messages between processes, such as <c>WORKER.READY</c>, each with a queue of its own. Safe for use by several threads.</summary>
internal sealed class EventQueues(Dispatcher dispatcher, ListenerRegistry registry, ILogger logger)
{
    private readonly ConcurrentDictionary<string, EventQueue> _queues = new(StringComparer.Ordinal);

    /// <summary>Tells who listens. Returns at once and never throws; a listener that blocks delays later events of this name, nothing else.</summary>
    public void Raise<T>(string eventName, T message)
        where T : IMessage<T>
    {
        if (registry.TryGetEvent(eventName, out ActionEntry? listeners))
        {
            EventQueue queue = _queues.GetOrAdd(eventName, static (_, made) => new EventQueue(made.dispatcher, made.listeners, made.logger), (dispatcher, listeners, logger));
            queue.Add(EventCall.Of(message, new MessageContext(eventName, dispatcher.Self)));
        }
    }
}
