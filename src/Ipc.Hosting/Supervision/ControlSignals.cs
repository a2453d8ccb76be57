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
    private readonly Lock _gate = new();
    private int _wanted;
    private bool _isScaling;

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

    /// <summary>Makes the first group larger or smaller. What comes while it is being changed counts from what it is to be then.</summary>
    internal async Task ScaleAsync(int by)
    {
        if (_groups.Count == 0)
        {
            return;
        }

        WorkerGroup group = _groups[0];
        lock (_gate)
        {
            _wanted = Math.Clamp((_isScaling ? _wanted : group.Slots.Count) + by, 1, OptionLimits.MaxCount);
            if (_isScaling)
            {
                return;
            }

            _isScaling = true;
        }

        try
        {
            while (Next(group) is { } count)
            {
                await group.ScaleAsync(count, _stopping).ConfigureAwait(false);
            }
        }
        catch
        {
            lock (_gate)
            {
                _isScaling = false;
            }

            throw;
        }
    }

    private int? Next(WorkerGroup group)
    {
        lock (_gate)
        {
            _isScaling = _wanted != group.Slots.Count;
            return _isScaling ? _wanted : null;
        }
    }
}
