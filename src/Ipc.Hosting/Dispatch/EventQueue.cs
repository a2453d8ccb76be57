using Ipc.Messaging;
using Microsoft.Extensions.Logging;

namespace Ipc.Dispatch;

/// <summary>
/// One event's way to its listeners: in the order in which it was raised, the next when the last has ended. Whoever raises it waits for nothing, so what waits here is bounded: beyond that it is not told,
/// and the log says so. Safe for use by several threads.
/// </summary>
internal sealed class EventQueue(Dispatcher dispatcher, ActionEntry listeners, ILogger logger) : IThreadPoolWorkItem
{
    /// <summary>A listener that needs so many events to end is not going to.</summary>
    public const int MaxWaiting = 1024;

    private readonly Queue<EventCall> _waiting = new();
    private readonly Lock _gate = new();
    private bool _isRunning;
    private int _untold;

    /// <summary>The event has happened.</summary>
    public void Add(EventCall call)
    {
        if (!dispatcher.TryStart())
        {
            return; // the process stops, and what its listeners use with it
        }

        bool isFirstUntold;
        lock (_gate)
        {
            if (_waiting.Count < MaxWaiting)
            {
                _waiting.Enqueue(call);
                if (!_isRunning)
                {
                    _isRunning = true;
                    ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
                }

                return;
            }

            isFirstUntold = _untold++ == 0;
        }

        if (isFirstUntold)
        {
            MessagingLog.EventsWait(logger, listeners.Action, MaxWaiting);
        }

        dispatcher.Finished(null);
    }

    /// <summary>Runs on the pool while something waits.</summary>
    public async void Execute()
    {
        while (TryTake(out EventCall call))
        {
            await call.TellAsync(dispatcher, listeners).ConfigureAwait(false);
            dispatcher.Finished(null);
        }
    }

    private bool TryTake(out EventCall call)
    {
        int untold;
        bool any;
        lock (_gate)
        {
            any = _waiting.TryDequeue(out call);
            _isRunning = any;
            untold = _untold;
            _untold = 0;
        }

        if (untold != 0)
        {
            MessagingLog.EventsNotTold(logger, untold, listeners.Action);
        }

        return any;
    }
}
