namespace Ipc;

/// <summary>What this process, or in-process peer, is in its cluster. Injectable; a standby gets its worker id later, and a client another number each time that it joins; else nothing changes. Thread-safe.</summary>
public sealed class IpcProcess
{
    private volatile object _id; // a PeerId: read and written as one

    /// <summary>Makes the description; the library registers one, tests may make their own.</summary>
    /// <param name="id">Supervisor, worker or client.</param>
    public IpcProcess(PeerId id)
    {
        _id = id;
    }

    /// <summary>The whole id.</summary>
    public PeerId Id => (PeerId)_id;

    /// <summary>Whether this is the supervisor: the process that a person or systemd started.</summary>
    public bool IsSupervisor => Id.Kind == PeerKind.Supervisor;

    /// <summary>Whether this is a worker.</summary>
    public bool IsWorker => Id.Kind == PeerKind.Worker;

    /// <summary>Whether this is a client: it has joined, or wants to join, a cluster through its endpoint.</summary>
    public bool IsClient => Id.Kind == PeerKind.Client;

    /// <summary>The worker's group, the client's name; <c>supervisor</c> in the supervisor.</summary>
    public string Group => Id.Group;

    /// <summary>Whether this is a standby: a worker that is ready and has no worker id yet.</summary>
    public bool IsStandby => Id.IsStandby;

    /// <summary>The worker's number inside its group, from 0; <see cref="PeerId.NoWorkerId"/> in a standby until it gets one.</summary>
    public int WorkerId => Id.WorkerId;

    /// <summary>How often this worker id has been started, from 1; a standby's number in one.</summary>
    public int Incarnation => Id.Incarnation;

    /// <summary>The standby has got a worker id, or the client has joined.</summary>
    internal void Rename(PeerId id) => _id = id;
}
