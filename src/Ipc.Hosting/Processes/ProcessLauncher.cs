using System.Collections.Concurrent;
using System.Diagnostics;
using Ipc.Supervision;

namespace Ipc.Processes;

/// <summary>Starts processes on one thread that lives as long as the supervisor: on Linux a child's parent-death signal fires when the thread that started it ends.</summary>
internal sealed class ProcessLauncher : IWorkerLauncher, IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _queue = [];

    public ProcessLauncher()
    {
        new Thread(Run) { IsBackground = true, Name = "ipc launcher" }.Start();
    }

    /// <inheritdoc/>
    public async Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((WorkerCommand.StartInfo(group, identity), started));
        return new WorkerProcess(await started.Task.ConfigureAwait(false));
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
