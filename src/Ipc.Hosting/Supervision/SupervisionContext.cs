using Ipc.Processes;
using Ipc.Systemd;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>What everything that keeps processes has in common.</summary>
/// <param name="Transport">Where workers connect.</param>
/// <param name="Launcher">Starts processes.</param>
/// <param name="Events">What listeners hear.</param>
/// <param name="Hangs">Finds those that hang.</param>
/// <param name="OomKills">Whom the kernel has killed.</param>
/// <param name="Systemd">Who is told of reloads.</param>
/// <param name="Options">The cluster's options.</param>
/// <param name="Time">The clock.</param>
/// <param name="Logger">The log.</param>
/// <param name="GivenUp">To be called when a worker id is quarantined or has been taken away; returns at once.</param>
/// <param name="Stopping">The host stops: nobody is started any more.</param>
internal sealed record SupervisionContext(
    SupervisorTransport Transport,
    IWorkerLauncher Launcher,
    WorkerEvents Events,
    HangWatch Hangs,
    OomKills OomKills,
    SystemdService Systemd,
    IpcOptions Options,
    TimeProvider Time,
    ILogger Logger,
    Action GivenUp,
    CancellationToken Stopping);
