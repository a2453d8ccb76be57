using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Says which peers a target means, or why it means none.</summary>
internal static class TargetResolver
{
    private const string NotStartedAnyMore = "its processes are not started any more, since they have ended too often, the group was made smaller, or the cluster stops. The supervisor's log says more.";

    /// <summary>The peer that the target names, when it names exactly one. Allocates nothing.</summary>
    /// <returns><see langword="null"/> when the target may be several peers, or one of several.</returns>
    /// <exception cref="IpcException">As for <see cref="Resolve"/>.</exception>
    public static PeerInfo? ResolveOne(Target target, PeerDirectory directory) => target.Kind switch
    {
        TargetKind.Workers when target.WorkerIds.Length == 1 => GetWorker(target.GroupName!, target.WorkerIds[0], directory),
        TargetKind.Supervisor => GetSupervisor(directory),
        TargetKind.Peer => ExactPeer(target.PeerId, directory),
        _ => null,
    };

    /// <summary>Every peer that the target names, whether it listens or not.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NoSuchTarget"/> or <see cref="IpcError.PeerGone"/>.</exception>
    public static IReadOnlyList<PeerInfo> Resolve(Target target, PeerDirectory directory, PeerId self)
    {
        switch (target.Kind)
        {
            case TargetKind.All:
                return directory.Workers.Count > 0 ? directory.Workers : throw NoWorkers(directory);
            case TargetKind.Others:
                return [.. directory.Workers.Where(p => !p.Id.IsSameSlot(self))];
            case TargetKind.Workers:
                var workers = new List<PeerInfo>(target.WorkerIds.Length);
                foreach (int id in target.WorkerIds)
                {
                    workers.Add(GetWorker(target.GroupName!, id, directory));
                }

                return workers;
            case TargetKind.Group:
                return GetGroup(target.GroupName!, directory);
            case TargetKind.Any:
                return target.GroupName is { } any ? GetGroup(any, directory) : DefaultGroup(directory);
            case TargetKind.Supervisor:
                return [GetSupervisor(directory)];
            case TargetKind.Client:
            case TargetKind.Clients:
                return GetClients(target, directory);
            default:
                return [ExactPeer(target.PeerId, directory)];
        }
    }

    private static IReadOnlyList<PeerInfo> DefaultGroup(PeerDirectory directory)
    {
        IReadOnlyList<PeerInfo> workers = directory.GetGroup(Target.DefaultGroup);
        if (workers.Count == 0)
        {
            workers = directory.Workers;
        }

        return workers.Count > 0 ? workers : throw NoWorkers(directory);
    }

    private static IReadOnlyList<PeerInfo> GetGroup(string name, PeerDirectory directory)
    {
        IReadOnlyList<PeerInfo> workers = directory.GetGroup(name);
        if (workers.Count == 0 && directory.Groups.Contains(name))
        {
            throw new IpcException(IpcError.PeerGone, $"The group \"{name}\" has no worker left: {NotStartedAnyMore}");
        }

        return workers.Count > 0 ? workers : throw new IpcException(
            IpcError.NoSuchTarget,
            directory.Groups.Count == 0
                ? $"There is no group \"{name}\": this cluster has no workers."
                : $"There is no group \"{name}\". The groups of this cluster are: {string.Join(", ", directory.Groups.Order(StringComparer.Ordinal))}.");
    }

    private static IReadOnlyList<PeerInfo> GetClients(Target target, PeerDirectory directory)
    {
        IReadOnlyList<PeerInfo> clients = target.GroupName is { } name ? directory.GetClients(name) : directory.Clients;
        return clients.Count > 0 || target.Kind == TargetKind.Clients ? clients : throw new IpcException(
            IpcError.NoSuchTarget, $"No client \"{target.GroupName}\" is connected.{(directory.Clients.Count == 0 ? "" : $" Connected are: {string.Join(", ", directory.Clients.Select(c => c.Id.Group).Distinct(StringComparer.Ordinal))}.")}");
    }

    private static PeerInfo GetWorker(string group, int id, PeerDirectory directory)
    {
        IReadOnlyList<PeerInfo> workers = GetGroup(group, directory);
        for (int i = 0; i < workers.Count; i++)
        {
            if (workers[i].Id.WorkerId == id)
            {
                return workers[i];
            }
        }

        if (directory.Find(PeerId.Worker(group, id, 0)) is { IsTarget: false })
        {
            throw new IpcException(IpcError.PeerGone, $"There is no worker in {group}/{id} any more: {NotStartedAnyMore}");
        }

        throw new IpcException(
            IpcError.NoSuchTarget,
            $"There is no worker {id} in the group \"{group}\"; its ids are {workers[0].Id.WorkerId} to {workers[^1].Id.WorkerId}.");
    }

    private static PeerInfo GetSupervisor(PeerDirectory directory) =>
        directory.Find(PeerId.Supervisor) ?? throw new IpcException(IpcError.NoSuchTarget, "The supervisor is not in the directory of this process yet.");

    private static PeerInfo ExactPeer(PeerId id, PeerDirectory directory)
    {
        PeerInfo? current = directory.Find(id);
        if (current is null)
        {
            throw new IpcException(IpcError.PeerGone, $"{id} is not, or no longer, in this cluster.");
        }

        return current.Id.Incarnation == id.Incarnation
            ? current
            : throw new IpcException(
                IpcError.PeerGone,
                $"{id} has ended; its successor is {current.Id}. Target.Worker(\"{id.Group}\", {id.WorkerId}) means whoever has the id.");
    }

    private static IpcException NoWorkers(PeerDirectory directory) => directory.Groups.Count == 0
        ? new(IpcError.NoSuchTarget, "This cluster has no workers: Ipc:Workers:Count is 0 and no other group has any. Target.Clients() means those that have joined.")
        : new(IpcError.PeerGone, $"This cluster has no worker left: {NotStartedAnyMore}");
}
