using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using Ipc.Supervision;
using Microsoft.Extensions.Logging;

namespace Ipc.Processes;

/// <summary>
/// Starts processes, and ties them to this one, on one thread that lives as long as the supervisor: on Linux a child's parent-death signal fires when the thread that started it ends.
/// </summary>
internal sealed class ProcessLauncher : IWorkerLauncher, IDisposable
{
    private readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<(Process Process, IDisposable? Tie)> Started)> _queue = [];

    private readonly ConcurrentDictionary<string, bool> _withoutDumps = new(StringComparer.Ordinal); // groups of which the log has said so
    private readonly WorkerOutput _output;
    private readonly ILifeline _lifeline;
    private readonly ILogger _logger;

    /// <summary>Starts the thread.</summary>
    /// <param name="output">Takes what the workers print; goes with this object.</param>
    /// <param name="lifeline">Ties them.</param>
    /// <param name="logger">The log.</param>
    public ProcessLauncher(WorkerOutput output, ILifeline lifeline, ILogger logger)
    {
        _output = output;
        _lifeline = lifeline;
        _logger = logger;
        new Thread(Run) { IsBackground = true, Name = "ipc launcher" }.Start();
    }

    /// <inheritdoc/>
    public async Task<IWorkerProcess> StartAsync(GroupPlan group, WorkerIdentity identity)
    {
        var started = new TaskCompletionSource<(Process, IDisposable?)>(TaskCreationOptions.RunContinuationsAsynchronously);
        ProcessStartInfo info = WorkerCommand.StartInfo(group, identity, out string? dumpProblem);
        TellOfDumps(group, dumpProblem);
        _queue.Add((info, started));
        (Process process, IDisposable? tie) = await started.Task.ConfigureAwait(false);
        var lastWords = new LastWords();
        Task output = _output.ReadAsync(
            identity.Self, group.Options.Output, process.StandardOutput.BaseStream, process.StandardError.BaseStream, lastWords);
        return new WorkerProcess(process, tie, output, lastWords);
    }

    public void Dispose()
    {
        _queue.CompleteAdding();
        _output.Dispose();
    }

    /// <summary>Once for each time that it begins, and not for each worker.</summary>
    private void TellOfDumps(GroupPlan group, string? problem)
    {
        if (problem is null)
        {
            _withoutDumps.TryRemove(group.Name, out _);
        }
        else if (_withoutDumps.TryAdd(group.Name, true))
        {
            SupervisionLog.WithoutDumps(_logger, group.Name, $"{group.Option}:DumpFolder", group.Options.DumpFolder!, problem);
        }
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
