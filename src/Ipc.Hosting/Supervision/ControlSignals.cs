using System.Runtime.InteropServices;
using Ipc.Options;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>SIGHUP reloads every group; SIGTTIN and SIGTTOU make the first one larger and smaller by a worker, as other pre-fork servers do.</summary>
internal sealed class ControlSignals : IDisposable
{
    private readonly IReadOnlyList<WorkerGroup> _groups;
    private readonly ILogger _logger;
    private readonly CancellationToken _stopping;
    private readonly List<PosixSignalRegistration> _registrations = [];

    /// <summary>Begins to listen.</summary>
    public ControlSignals(IReadOnlyList<WorkerGroup> groups, ILogger logger, CancellationToken stopping)
    {
        _groups = groups;
        _logger = logger;
        _stopping = stopping;
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (Console.IsInputRedirected)
        {
            // Of a program with a terminal it says that the terminal is gone, and ends it.
            Register(PosixSignal.SIGHUP, ReloadAllAsync);
        }

        Register(PosixSignal.SIGTTIN, () => ScaleAsync(+1));
        Register(PosixSignal.SIGTTOU, () => ScaleAsync(-1));
    }

    public void Dispose() => _registrations.ForEach(static r => r.Dispose());

    private void Register(PosixSignal signal, Func<Task> act) => _registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _ = ActAsync(signal, act);
    }));

    private async Task ActAsync(PosixSignal signal, Func<Task> act)
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (Exception error) when (!_stopping.IsCancellationRequested)
        {
            SupervisionLog.SignalFailed(_logger, signal, error);
        }
        catch (Exception error)
        {
            SupervisionLog.SignalGivenUp(_logger, signal, error.Message);
        }
    }

    private async Task ReloadAllAsync()
    {
        foreach (WorkerGroup group in _groups)
        {
            if (!(await group.ReloadAsync(_stopping).ConfigureAwait(false)).Succeeded)
            {
                return; // the log says why; the next group may depend on this one
            }
        }
    }

    private async Task ScaleAsync(int by)
    {
        if (_groups.Count > 0 && _groups[0].Slots.Count + by is >= 1 and <= OptionLimits.MaxCount and var count)
        {
            await _groups[0].ScaleAsync(count, _stopping).ConfigureAwait(false);
        }
    }
}
