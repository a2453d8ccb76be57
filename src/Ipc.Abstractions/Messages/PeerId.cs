namespace Ipc;

/// <summary>Names one exact incarnation of a supervisor, worker or client: the successor of a dead worker has the same group and worker id, but another incarnation.</summary>
/// <param name="Kind">What the peer is.</param>
/// <param name="Group">The worker's group, the client's name, or <c>supervisor</c>.</param>
/// <param name="WorkerId">The worker's number inside its group, from 0; <see cref="NoWorkerId"/> in a standby, which has none yet; the client's number; 0 for the supervisor.</param>
/// <param name="Incarnation">How often this id has been started, from 1; a standby's number; 1 for other peers.</param>
public readonly record struct PeerId(PeerKind Kind, string Group, int WorkerId, int Incarnation)
{
    /// <summary>The worker id of a standby: a process that is ready and has no worker id yet.</summary>
    public const int NoWorkerId = -1;

    /// <summary>The supervisor of this cluster.</summary>
    public static PeerId Supervisor { get; } = new(PeerKind.Supervisor, "supervisor", 0, 1);

    /// <summary>Makes the id of a worker's incarnation.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="workerId">The number inside the group, from 0.</param>
    /// <param name="incarnation">How often that id has been started, from 1.</param>
    public static PeerId Worker(string group, int workerId, int incarnation) => new(PeerKind.Worker, group, workerId, incarnation);

    /// <summary>Makes the id of a standby, which becomes a worker when one has ended.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="number">How many standbys the group has had with it, from 1.</param>
    public static PeerId Standby(string group, int number) => new(PeerKind.Worker, group, NoWorkerId, number);

    /// <summary>Makes the id of a client.</summary>
    /// <param name="name">The client's name; several may have the same.</param>
    /// <param name="number">Its number, from 1, which no other client of the same endpoint gets; another one each time that it joins.</param>
    public static PeerId Client(string name, int number) => new(PeerKind.Client, name, number, 1);

    /// <summary>Whether this is a standby.</summary>
    public bool IsStandby => Kind == PeerKind.Worker && WorkerId == NoWorkerId;

    /// <summary>Whether this is the same worker id, client or supervisor as <paramref name="other"/>, whatever the incarnation.</summary>
    public bool IsSameSlot(PeerId other) =>
        Kind == other.Kind && WorkerId == other.WorkerId && string.Equals(Group, other.Group, StringComparison.Ordinal);

    /// <summary>For example <c>worker/3#2</c>: group, worker id, incarnation.</summary>
    public override string ToString() => Kind switch
    {
        PeerKind.Worker when WorkerId == NoWorkerId => $"{Group}/standby#{Incarnation}",
        PeerKind.None => "nobody",
        PeerKind.Supervisor => "supervisor",
        PeerKind.Worker => $"{Group}/{WorkerId}#{Incarnation}",
        _ => $"client {Group}#{WorkerId}",
    };
}
