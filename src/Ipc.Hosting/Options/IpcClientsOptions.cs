namespace Ipc;

/// <summary>Who may join a cluster from outside.</summary>
public sealed class IpcClientsOptions
{
    /// <summary>Whether there is an endpoint for clients, a socket. Only this user may open it, unless <see cref="Users"/> or <see cref="UserGroup"/> let others in. It needs <see cref="IpcPeerOptions.Endpoint"/>. Default <see langword="false"/>.</summary>
    public bool Enabled { get; set; }

    /// <summary>The folder of the endpoint's socket, absolute; nobody else may write to it. Default: <c>/tmp/ipc-</c> and the number of this user.</summary>
    public string? Folder { get; set; }

    /// <summary>Further users that may join, by name or number. They use pipes, not shared memory. Default none.</summary>
    public IList<string> Users { get; } = [];

    /// <summary>A group of the system, by name or number, whose members may join, as <see cref="Users"/>. Default none.</summary>
    public string? UserGroup { get; set; }

    /// <summary>How many clients there may be at a time, 1 to 10,000. Default 256.</summary>
    public int Max { get; set; } = 256;
}
