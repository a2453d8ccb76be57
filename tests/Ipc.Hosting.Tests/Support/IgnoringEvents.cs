using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Hears what either end of the transport reports, and does nothing about it.</summary>
internal sealed class IgnoringEvents : ISupervisorEvents, IWorkerEvents
{
    public void OnWorkerConnected(PeerId worker)
    {
    }

    public void OnWorkerReady(PeerId worker)
    {
    }

    public void OnWorkerHandledEnough(PeerId worker, long count)
    {
    }

    public void OnWorkerPrepared(PeerId worker, bool isReady)
    {
    }

    public void OnReleased()
    {
    }

    public void OnIdGiven(PeerId self)
    {
    }

    public void OnWorkerDisconnected(PeerId worker)
    {
    }

    public void OnMessagesLost(PeerId worker, PeerId sender, string? action, long count, string reason)
    {
    }

    public void OnWorkerDying(PeerId worker)
    {
    }

    public void OnWorkerPulse(PeerId worker, WorkerPulse pulse)
    {
    }

    public WorkerPulse OnPing(uint number) => new(number, 0, 0, "", IsDebugged: false);

    public void OnWorkerSettled(PeerId worker, IReadOnlyList<ActionCount> running)
    {
    }

    public void OnStopRequested(TimeSpan deadline, bool readsOn)
    {
    }

    public void OnSupervisorGone()
    {
    }
}
