namespace Ipc.Transports.Rings;

/// <summary>Threads for a <see cref="RingReaderLoop"/>. Some may be started ahead: a thread that has to be started when messages wait already costs them milliseconds on a busy machine. Thread-safe.</summary>
internal sealed class ReaderThreads : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action> _work = [];
    private int _waiting;
    private bool _isDisposed;

    /// <summary>How many have nothing to do.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Starts threads that wait for <see cref="Run"/>.</summary>
    public void Prepare(int count)
    {
        lock (_gate)
        {
            for (; !_isDisposed && count > 0; count--)
            {
                _waiting++;
                Start(WaitForWork);
            }
        }
    }

    /// <summary>Runs something on a thread of its own.</summary>
    public void Run(Action work)
    {
        lock (_gate)
        {
            if (_waiting > _work.Count)
            {
                _work.Enqueue(work);
                Monitor.Pulse(_gate);
                return;
            }
        }

        Start(work);
    }

    /// <summary>Ends the threads that still wait; the others end by themselves.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Monitor.PulseAll(_gate);
        }
    }

    private static void Start(Action work) =>
        new Thread(() => work()) { IsBackground = true, Name = "ipc rings" }.UnsafeStart(); // without the starter's AsyncLocals

    private void WaitForWork()
    {
        Action? work;
        lock (_gate)
        {
            while (!_work.TryDequeue(out work) && !_isDisposed)
            {
                Monitor.Wait(_gate);
            }

            _waiting--;
        }

        work?.Invoke();
    }
}
