using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ipc.Supervision;
using Ipc.Transports;

namespace Ipc.Telemetry;

/// <summary>What a supervisor knows of its workers, read when somebody collects: no timer, and nothing for the workers to do.</summary>
internal sealed class ClusterMetrics
{
    private readonly Func<IEnumerable<WorkerState>> _workers;
    private readonly SupervisorTransport _transport;

    /// <summary>Makes the instruments; they live as long as the factory's meters.</summary>
    /// <param name="meters">The host's.</param>
    /// <param name="workers">Every worker id.</param>
    /// <param name="transport">The supervisor's.</param>
    public ClusterMetrics(IMeterFactory meters, Func<IEnumerable<WorkerState>> workers, SupervisorTransport transport)
    {
        _workers = workers;
        _transport = transport;
        Meter meter = meters.Create(IpcDiagnostics.MeterName);
        meter.CreateObservableUpDownCounter("ipc.workers", CountWorkers, "{worker}", "Worker ids by what they do.");
        meter.CreateObservableCounter("ipc.worker.restarts", Restarts, "{restart}", "How often a worker id was started again, or taken over by a standby, because its process had ended.");
        meter.CreateObservableUpDownCounter("ipc.worker.memory.usage", Memory, "By", "What the worker's process holds of the machine's memory.");
        meter.CreateObservableUpDownCounter("ipc.inbox.usage", InboxUsage, "By", "What waits in the inbox of a worker id, in shared memory.");
        meter.CreateObservableGauge("ipc.inbox.utilization", InboxUtilization, "1", "The used part of the fullest ring of an inbox.");
        meter.CreateObservableUpDownCounter(
            "ipc.shared_memory.usage", () => transport.SharedMemoryInUse, "By", "Shared memory that the cluster holds for rings, ledgers and large messages.");
    }

    private IEnumerable<Measurement<int>> CountWorkers() => _workers()
        .GroupBy(w => (w.Id.Group, w.Name))
        .Select(g => new Measurement<int>(g.Count(), new(TelemetryNames.Group, g.Key.Group), new(TelemetryNames.WorkerState, g.Key.Name)));

    private IEnumerable<Measurement<int>> Restarts() => _workers().Select(w => new Measurement<int>(w.Restarts, Tags(w.Id)));

    private IEnumerable<Measurement<long>> Memory()
    {
        foreach (WorkerState worker in _workers())
        {
            if (worker.ReadMemory() is { } bytes)
            {
                yield return new Measurement<long>(bytes, Tags(worker.Id));
            }
        }
    }

    private IEnumerable<Measurement<long>> InboxUsage() => Inboxes().Select(i => new Measurement<long>(i.WaitingBytes, Tags(i.Worker)));

    private IEnumerable<Measurement<double>> InboxUtilization() => Inboxes().Select(i => new Measurement<double>(i.Fullest, Tags(i.Worker)));

    private IReadOnlyList<InboxFill> Inboxes()
    {
        try
        {
            return _transport.ReadInboxes();
        }
        catch (ObjectDisposedException)
        {
            return []; // collected while the host ends
        }
    }

    private static TagList Tags(PeerId worker) => TelemetryNames.TagsOf(worker);
}
