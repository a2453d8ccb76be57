using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Says which peers a target means, or why it means none.</summary>
internal static class TargetResolver
{
    /// <summary>Every peer that the target names, whether it listens or not.</summary>
    /// <exception cref="IpcException"><see cref="IpcError.NoSuchTarget"/> or <see cref="IpcError.PeerGone"/>.</exception>
    public static IReadOnlyList<PeerInfo> Resolve(Target target, PeerDirectory directory, PeerId self)
    {
        switch (target.Kind)
        {
            case TargetKind.All:
                return directory.Workers.Count > 0 ? directory.Workers : throw NoWorkers();
            case TargetKind.Others:
                return [.. directory.Workers.Where(p => !p.Id.IsSameSlot(self))];
            case TargetKind.Workers:
                var workers = new List<PeerInfo>(target.WorkerIds.Length);
                IReadOnlyList<PeerInfo> named = GetGroup(target.GroupName!, directory);
                foreach (int id in target.WorkerIds)
                {
                    workers.Add(named.FirstOrDefault(p => p.Id.WorkerId == id) ?? throw NoSuchWorker(target.GroupName!, id, named));
                }

                return workers;
            case TargetKind.Group:
                return GetGroup(target.GroupName!, directory);
            case TargetKind.Any:
                return target.GroupName is { } any ? GetGroup(any, directory) : DefaultGroup(directory);
            case TargetKind.Supervisor:
                return [directory.Find(PeerId.Supervisor) ?? throw new IpcException(IpcError.NoSuchTarget, "The supervisor is not in the directory of this process yet.")];
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

        return workers.Count > 0 ? workers : throw NoWorkers();
    }

    private static IReadOnlyList<PeerInfo> GetGroup(string name, PeerDirectory directory)
    {
        IReadOnlyList<PeerInfo> workers = directory.GetGroup(name);
        return workers.Count > 0 ? workers : throw new IpcException(
            IpcError.NoSuchTarget,
            directory.Groups.Count == 0
                ? $"There is no group \"{name}\": this cluster has no workers."
                : $"There is no group \"{name}\". The groups of this cluster are: {string.Join(", ", directory.Groups.Order(StringComparer.Ordinal))}.");
    }

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

    private static IpcException NoSuchWorker(string group, int id, IReadOnlyList<PeerInfo> workers) => new(
        IpcError.NoSuchTarget,
        $"There is no worker {id} in the group \"{group}\"; its ids are {workers[0].Id.WorkerId} to {workers[^1].Id.WorkerId}.");

    private static IpcException NoWorkers() => new(IpcError.NoSuchTarget, "This cluster has no workers: Ipc:Workers:Count is 0 and no other group has any.");
}
