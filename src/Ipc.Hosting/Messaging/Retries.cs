using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Where a message or request goes next whose lane turned out to be closed: to whoever has the worker id, or to another worker where any was meant. One way for both.</summary>
internal static class Retries
{
    /// <summary>What the target allows.</summary>
    public static Retry Of(Target target) => target.Kind switch
    {
        TargetKind.Peer => Retry.None,
        TargetKind.Any or TargetKind.Client => Retry.Any,
        _ => Retry.SameId,
    };

    /// <summary>What is left when it has been used once.</summary>
    public static Retry Next(this Retry retry) => retry switch
    {
        Retry.Any => Retry.OtherId,
        Retry.OtherId => Retry.OtherIdAgain,
        _ => Retry.None,
    };

    /// <summary>Another worker of the group, or client of the name, that listens, a ready one if there is any; nothing where there is none.</summary>
    public static PeerInfo? OtherThan(Cluster cluster, PeerInfo info, ulong hash)
    {
        PeerInfo? other = null;
        PeerDirectory directory = cluster.Transport.Directory;
        foreach (PeerInfo worker in info.Id.Kind == PeerKind.Client ? directory.GetClients(info.Id.Group) : directory.GetGroup(info.Id.Group))
        {
            if (worker.Actions.Contains(hash) && !worker.Id.IsSameSlot(info.Id) && (other is null || (worker.IsReady && !other.IsReady)))
            {
                other = worker;
            }
        }

        return other;
    }
}
