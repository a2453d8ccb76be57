using Ipc.Supervision;
using Ipc.Transports;

namespace Ipc.Hosting.Tests;

/// <summary>Tells those who wait for the account of an end that it is there, as the supervisor does, and nothing else.</summary>
internal sealed class SettlingEvents : ISupervisorEvents
{
    /// <summary>Who waits.</summary>
    public WorkerEvents? Workers { get; set; }

    void ISupervisorEvents.OnWorkerSettled(PeerId worker, IReadOnlyList<ActionCount> running) => Workers?.OnSettled(worker, running);
}
