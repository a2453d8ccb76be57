using System.Collections.Concurrent;
using System.Diagnostics;

namespace Ipc.Processes;

/// <summary>Starts processes on one thread that lives as long as the supervisor: on Linux a child's parent-death signal fires when the thread that started it ends.</summary>
internal sealed class ProcessLauncher : IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _queue = [];

    public ProcessLauncher()
    {
        new Thread(Run) { IsBackground = true, Name = "ipc launcher" }.Start();
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The file cannot be executed.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((info, started));
        return started.Task;
    }

    public void Dispose() => _queue.CompleteAdding();

    private void Run()
    {
        foreach ((ProcessStartInfo info, TaskCompletionSource<Process> started) in _queue.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start a process of its own."));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
