using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>One row of an <see cref="InMemoryNetwork"/>: a worker id across its incarnations, or the supervisor. Guarded by the network's lock.</summary>
internal sealed class InMemorySlot
{
    /// <summary>Makes a row without a member.</summary>
    public InMemorySlot(PeerId id) => Id = id;

    /// <summary>The present incarnation, or the last one.</summary>
    public PeerId Id { get; set; }

    /// <summary>Who is there now.</summary>
    public InMemoryTransport? Member { get; set; }

    /// <summary>Whether it said that it is ready.</summary>
    public bool IsReady { get; set; }

    /// <summary>Whether nobody is going to read its inbox.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>Whether it is no target any more: it finishes what its inbox holds.</summary>
    public bool IsClosing { get; set; }

    /// <summary>What it, or its predecessor, listens to.</summary>
    public PeerActions Actions { get; set; } = PeerActions.None;

    /// <summary>What of that it said when it joined; the rest are subscriptions of its run time, which end with it.</summary>
    public PeerActions Greeted { get; set; } = PeerActions.None;

    /// <summary>Lanes to it whose writer has left: they are still read to their end.</summary>
    public List<InMemoryLane> Orphans { get; } = [];
}
