namespace Ipc;

/// <summary>What the supervisor does after a worker's process has ended. The numbers are part of the wire.</summary>
public enum WorkerExitOutcome
{
    /// <summary>Nothing: a stop was asked for, and the worker id stays empty.</summary>
    Stopped = 1,

    /// <summary>A successor is started, after <see cref="WorkerExited.RestartDelay"/>.</summary>
    Restarted = 2,

    /// <summary>The worker id has ended too often and is given up: what waited for it is lost, and sends to it fail.</summary>
    Quarantined = 3,

    /// <summary>A process that was started before has taken the worker id and its inbox over: a standby, or the successor of a reload.</summary>
    TakenOver = 4,

    /// <summary>Nothing: it had no worker id yet, a standby or the successor of a reload, and whoever works goes on.</summary>
    Dropped = 5,
}
