using System.Collections.Concurrent;

namespace Ipc.Transports.Interleavings.Tests;

/// <summary>An operating system thread that runs a thread of one schedule after the other.</summary>
internal sealed class Worker
{
    private static readonly ConcurrentStack<Worker> Idle = new();
    private readonly SemaphoreSlim _start = new(0);
    private Action _job = () => { };

    private Worker() => new Thread(Live) { IsBackground = true, Name = "explored" }.Start();

    public static void Run(Action job)
    {
        Worker worker = Idle.TryPop(out Worker? idle) ? idle : new Worker();
        worker._job = job;
        worker._start.Release();
    }

    private void Live()
    {
        while (true)
        {
            _start.Wait();
            _job();
            Idle.Push(this);
        }
    }
}
