namespace Ipc;

/// <summary>What this process, or in-process peer, is in its cluster. Injectable; immutable.</summary>
public sealed class IpcProcess
{
    /// <summary>Makes the description; the library registers one, tests may make their own.</summary>
    /// <param name="id">Supervisor or worker.</param>
    public IpcProcess(PeerId id)
    {
        Id = id;
    }

    /// <summary>The whole id.</summary>
    public PeerId Id { get; }

    /// <summary>Whether this is the supervisor: the process that a person or systemd started.</summary>
    public bool IsSupervisor => Id.Kind == PeerKind.Supervisor;

    /// <summary>Whether this is a worker.</summary>
    public bool IsWorker => Id.Kind == PeerKind.Worker;

    /// <summary>The worker's group; <c>supervisor</c> in the supervisor.</summary>
    public string Group => Id.Group;

    /// <summary>The worker's number inside its group, from 0.</summary>
    public int WorkerId => Id.WorkerId;

    /// <summary>How often this worker id has been started, from 1.</summary>
    public int Incarnation => Id.Incarnation;
}
