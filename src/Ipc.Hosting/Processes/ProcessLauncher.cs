using System.Collections.Concurrent;
using System.Diagnostics;
using Ipc.Supervision;

namespace Ipc.Processes;

/// <summary>Starts processes on one thread that lives as long as the supervisor: on Linux a child's parent-death signal fires when the thread that started it ends.</summary>
internal sealed class ProcessLauncher : IWorkerLauncher, IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _queue = [];

    private readonly WorkerOutput _output;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Takes what the workers print; goes with this object.</param>
    public ProcessLauncher(WorkerOutput output)
    {
        _output = output;
        new Thread(Run) { IsBackground = true, Name = "ipc launcher" }.Start();
    }

    /// <inheritdoc/>
    public async Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((WorkerCommand.StartInfo(group, identity), started));
        Process process = await started.Task.ConfigureAwait(false);
        var lastErrorLine = new LastLine();
        Task output = _output.ReadAsync(
            identity.Self, group.Options.Output, process.StandardOutput.BaseStream, process.StandardError.BaseStream, lastErrorLine);
        return new WorkerProcess(process, output, lastErrorLine);
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _output.Dispose();
    }

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
