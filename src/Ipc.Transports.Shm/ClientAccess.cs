namespace Ipc.Transports;

/// <summary>Who may join a cluster from outside, and where.</summary>
public sealed record ClientAccess
{
    /// <summary>The endpoint's socket, see <see cref="EndpointPath"/>.</summary>
    public required string SocketPath { get; init; }

    /// <summary>Users that may join besides this process's own and root, by their numbers. They get pipes, not shared memory. Default none.</summary>
    public IReadOnlySet<uint> UserIds { get; init; } = new HashSet<uint>();

    /// <summary>A group whose members may join, by its number; as for <see cref="UserIds"/>. Default none.</summary>
    public uint? GroupId { get; init; }

    /// <summary>How many clients there may be at a time. Default 256.</summary>
    public int MaxClients { get; init; } = 256;
}
