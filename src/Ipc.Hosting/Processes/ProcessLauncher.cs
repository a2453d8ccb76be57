using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Ipc.Supervision;

namespace Ipc.Processes;

/// <summary>
/// Starts processes, and ties them to this one, on one thread that lives as long as the supervisor: on Linux a child's parent-death signal fires when the thread that started it ends.
/// </summary>
internal sealed class ProcessLauncher : IWorkerLauncher, IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<(Process Process, IDisposable? Tie)> Started)> _queue = [];

    private readonly WorkerOutput _output;
    private readonly ILifeline _lifeline;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Takes what the workers print; goes with this object.</param>
    /// <param name="lifeline">Ties them.</param>
    public ProcessLauncher(WorkerOutput output, ILifeline lifeline)
    {
        _output = output;
        _lifeline = lifeline;
        new Thread(Run) { IsBackground = true, Name = "ipc launcher" }.Start();
    }

    /// <inheritdoc/>
    public async Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity)
    {
        var started = new TaskCompletionSource<(Process, IDisposable?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        _queue.Add((WorkerCommand.StartInfo(group, identity), started));
        (Process process, IDisposable? tie) = await started.Task.ConfigureAwait(false);
        var lastErrorLine = new LastLine();
        Task output = _output.ReadAsync(
            identity.Self, group.Options.Output, process.StandardOutput.BaseStream, process.StandardError.BaseStream, lastErrorLine);
        return new WorkerProcess(process, tie, output, lastErrorLine);
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _output.Dispose();
    }

    private void Run()
    {
        foreach ((ProcessStartInfo info, TaskCompletionSource<(Process, IDisposable?)> started) in _queue.GetConsumingEnumerable())
        {
            try
            {
                Process process = Process.Start(info) ?? throw new InvalidOperationException($"{info.FileName} did not start a process of its own.");
                started.SetResult((process, Tie(process)));
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }

    private static string TryKill(Process process)
    {
        try
        {
            process.Kill();
            return "was killed";
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return $"was to be killed ({e.Message})";
        }
    }

    /// <summary>Nothing that could outlive the supervisor goes on running. A process that has ended already is tied to nothing, and told like any other end.</summary>
    private IDisposable? Tie(Process process)
    {
        try
        {
            return _lifeline.Tie(process);
        }
        catch (Exception e)
        {
            if (process.WaitForExit(0)) // HasExited would take the event of the exit for raised
            {
                return null;
            }

            int id = process.Id;
            string fate = TryKill(process);
            process.Dispose();
            throw new Win32Exception((e as Win32Exception)?.NativeErrorCode ?? 0, $"Process {id} {fate}, since it could not be tied to the life of its supervisor: {e.Message}.");
        }
    }
}
