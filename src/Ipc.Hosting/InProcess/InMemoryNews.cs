namespace Ipc.InProcess;

/// <summary>Runs what is told to it one after the other on the thread pool, in the order of telling: news never reach a peer on the thread of another one.</summary>
internal sealed class InMemoryNews
{
    private readonly Queue<Action> _queue = new();
    private bool _running;

    /// <summary>Queues a piece of news.</summary>
    public void Tell(Action news)
    {
        lock (_queue)
        {
            _queue.Enqueue(news);
            if (_running)
            {
                return;
            }

            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static self => self.Run(), this, preferLocal: false);
    }

    private void Run()
    {
        while (true)
        {
            Action? news;
            lock (_queue)
            {
                if (!_queue.TryDequeue(out news))
                {
                    _running = false;
                    return;
                }
            }

            news();
        }
    }
}
