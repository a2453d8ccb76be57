using System.Collections.Concurrent;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Control;

/// <summary>The one control thread of a process: it owns every control socket, whatever their number, and runs what is posted to it. Blocked in poll(2) while nothing happens.</summary>
internal sealed unsafe class ControlLoop
{
    private readonly ConcurrentQueue<Action> _posted = new();
    private readonly List<IPollable> _sources = [];
    private readonly PriorityQueue<Action, long> _later = new();
    private readonly FileDescriptor _wake;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly Lock _gate = new(); // posting against the end of the thread
    private volatile bool _stopping;
    private bool _ended;

    /// <summary>Makes the loop; <see cref="Start"/> starts it.</summary>
    public ControlLoop(string threadName, ILogger logger)
    {
        _logger = logger;
        int descriptor = Libc.EventFd(0, Libc.EventFdCloseOnExec | Libc.EventFdNonBlock);
        _wake = descriptor < 0 ? throw UnixSocket.LastError("eventfd") : new FileDescriptor(descriptor);
        _thread = new Thread(Run) { IsBackground = true, Name = threadName };
    }

    /// <summary>Whether the caller is the control thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == _thread;

    /// <summary>Starts the thread.</summary>
    public void Start() => _thread.Start();

    /// <summary>Runs <paramref name="action"/> on the control thread, in the order of posting. Any thread.</summary>
    /// <returns>False when the thread has ended: the action will not run.</returns>
    public bool Post(Action action)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return false;
            }

            _posted.Enqueue(action);
            ulong one = 1;
            _ = Libc.Write(_wake, &one, sizeof(ulong));
            return true;
        }
    }

    /// <summary>Runs <paramref name="action"/> on the control thread when its time has come: no other thread wakes for that. Any thread.</summary>
    /// <param name="delay">From now.</param>
    /// <param name="action">Does not run when the thread has ended before.</param>
    public void PostLater(TimeSpan delay, Action action)
    {
        long due = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        Post(() => _later.Enqueue(action, due));
    }

    /// <summary>Watches a descriptor. Control thread, or before <see cref="Start"/>.</summary>
    public void Add(IPollable source) => _sources.Add(source);

    /// <summary>Stops watching. Control thread.</summary>
    public void Remove(IPollable source) => _sources.Remove(source);

    /// <summary>Ends the thread after what was posted before, and waits for it unless this is that thread. Whatever was watched is left to its owners.</summary>
    public void Stop()
    {
        if (_stopping)
        {
            return;
        }

        bool hasStarted = !_thread.ThreadState.HasFlag(ThreadState.Unstarted); // else what failed before the start is the caller's news
        if (Post(() => _stopping = true) && hasStarted && !IsCurrent)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        var descriptors = new Libc.PollDescriptor[16];
        var polled = new List<IPollable>();
        while (!_stopping)
        {
            polled.Clear();
            polled.AddRange(_sources);
            if (descriptors.Length < polled.Count + 1)
            {
                Array.Resize(ref descriptors, (polled.Count + 1) * 2);
            }

            descriptors[0] = new Libc.PollDescriptor { Descriptor = _wake.Number, Events = Libc.PollIn };
            long due = _later.TryPeek(out _, out long first) ? first : long.MaxValue;
            for (int i = 0; i < polled.Count; i++)
            {
                descriptors[i + 1] = new Libc.PollDescriptor { Descriptor = polled[i].Descriptor.Number, Events = polled[i].Events };
                due = Math.Min(due, polled[i].DueAt);
            }

            int timeout = due == long.MaxValue ? -1 : (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue);
            fixed (Libc.PollDescriptor* polling = descriptors)
            {
                // -1 is an interrupted call: nothing is marked, and the loop goes round.
                if (Libc.Poll(polling, (nuint)(polled.Count + 1), timeout) < 0)
                {
                    continue;
                }
            }

            if (descriptors[0].Returned != 0)
            {
                ulong count;
                _ = Libc.Read(_wake, &count, sizeof(ulong));
            }

            while (_later.TryPeek(out Action? action, out long at) && at <= Environment.TickCount64)
            {
                _later.Dequeue();
                _posted.Enqueue(action);
            }

            RunPosted();
            for (int i = 0; i < polled.Count; i++)
            {
                Serve(polled[i], descriptors[i + 1].Returned);
            }
        }

        lock (_gate)
        {
            _ended = true;
            _wake.Dispose();
        }

        RunPosted();
    }

    private void Serve(IPollable source, short events)
    {
        try
        {
            // A source that was removed while others were served, or by a posted action, is not called any more.
            if (events != 0 && _sources.Contains(source))
            {
                source.OnReady(events);
            }

            if (source.DueAt <= Environment.TickCount64 && _sources.Contains(source))
            {
                source.OnDue();
            }
        }
#pragma warning disable CA1031 // One connection's trouble must not end the thread that serves all of them.
        catch (Exception error)
#pragma warning restore CA1031
        {
            ControlLog.ConnectionFailed(_logger, error);
            source.OnError(error);
        }
    }

    private void RunPosted()
    {
        while (_posted.TryDequeue(out Action? action))
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // As above.
            catch (Exception error)
#pragma warning restore CA1031
            {
                ControlLog.ActionFailed(_logger, error);
            }
        }
    }
}
