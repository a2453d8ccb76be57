using System.Runtime.InteropServices;

namespace Ipc.Workers;

/// <summary>
/// Whether this worker process has been sent SIGTERM. Registered before the host's own handler and once more after it, since nothing says in which order handlers are called: it knows before the host stops for that.
/// </summary>
internal sealed class TerminationSignal : IDisposable
{
    private readonly PosixSignalRegistration _first;
    private PosixSignalRegistration? _last;
    private volatile bool _wasSent;

    public TerminationSignal() => _first = Register();

    /// <summary>Whether it has been sent.</summary>
    public bool WasSent => _wasSent;

    /// <summary>The host has its handler now.</summary>
    public void RegisterAgain() => _last = Register();

    public void Dispose()
    {
        _first.Dispose();
        _last?.Dispose();
    }

    private PosixSignalRegistration Register() => PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => _wasSent = true);
}
