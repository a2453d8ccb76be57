using System.Runtime.InteropServices;

namespace Ipc.Supervision;

/// <summary>Ctrl+C or SIGTERM once more, while the host stops: whoever sends it does not want to wait for listeners.</summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly CancellationToken _stopping;
    private readonly Action _hurry;
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    /// <summary>Begins to listen.</summary>
    /// <param name="hurry">Called for each signal from the second on, on a thread of the pool.</param>
    /// <param name="stopping">Whether the host stops.</param>
    public SecondSignal(Action hurry, CancellationToken stopping)
    {
        _stopping = stopping;
        _hurry = hurry;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];
    }

    public void Dispose() => Array.ForEach(_registrations, static registration => registration.Dispose());

    private void OnSignal(PosixSignalContext context)
    {
        // The first one is the host's: it stops in order, or the user's own code decides otherwise.
        if (Interlocked.Increment(ref _signals) == 1 || !_stopping.IsCancellationRequested)
        {
            return;
        }

        context.Cancel = true; // the end is in order all the same
        _hurry();
    }
}
