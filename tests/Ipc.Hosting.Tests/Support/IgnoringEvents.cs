using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Hears what either end of the transport reports, and does nothing about it.</summary>
internal sealed class IgnoringEvents : ISupervisorEvents, IWorkerEvents
{
    public void OnReleased()
    {
    }

    public void OnIdGiven(PeerId self)
    {
    }

    public WorkerPulse OnPing(uint number) => new(number, 0, 0, "", IsDebugged: false);

    public void OnStopRequested(TimeSpan deadline, bool readsOn)
    {
    }

    public void OnSupervisorGone()
    {
    }
}
