using Ipc.Processes;

namespace Ipc.Supervision;

/// <summary>A worker id at one moment, for those who watch the cluster.</summary>
/// <param name="Id">The newest incarnation; number 0 before the first.</param>
/// <param name="ProcessId">Its process, or the last one; 0 before the first.</param>
/// <param name="IsReady">Whether it has said that it is ready, and has not ended.</param>
/// <param name="IsQuarantined">Whether nobody is started for the id any more.</param>
/// <param name="Restarts">How often it was started again because a process had ended by itself.</param>
internal readonly record struct WorkerState(PeerId Id, int ProcessId, bool IsReady, bool IsQuarantined, int Restarts)
{
    /// <summary>In one word.</summary>
    public string Name => IsQuarantined ? "quarantined" : IsReady ? "ready" : "not_ready";

    /// <summary>Bytes of the machine's memory that its process holds; <see langword="null"/> when there is none.</summary>
    public long? ReadMemory() => ProcessId == 0 ? null : ProcessMemory.ReadResident(ProcessId);
}
