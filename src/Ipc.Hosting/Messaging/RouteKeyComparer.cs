using Ipc.Transports;

namespace Ipc.Messaging;

/// <summary>Compares the keys of routes without hashing the group's name, which is done for every message: a cluster has few groups and many worker ids.</summary>
internal sealed class RouteKeyComparer : IEqualityComparer<(PeerId Remote, LaneKind Kind)>
{
    public static RouteKeyComparer Instance { get; } = new();

    public bool Equals((PeerId Remote, LaneKind Kind) x, (PeerId Remote, LaneKind Kind) y) =>
        x.Kind == y.Kind && x.Remote.Incarnation == y.Remote.Incarnation && x.Remote.IsSameSlot(y.Remote);

    public int GetHashCode((PeerId Remote, LaneKind Kind) key) =>
        (key.Remote.WorkerId * 31) + key.Remote.Incarnation + (key.Remote.Group?.Length << 16 ?? 0) + ((int)key.Kind << 24) + ((int)key.Remote.Kind << 28);
}
