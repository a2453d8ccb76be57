using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Hosting;

namespace Ipc;

/// <summary>What the options say to a transport.</summary>
internal static class TransportOptions
{
    private const int MaxNameLength = 64;

    /// <summary>The cluster's name: as set, else the application's, without what a socket's name cannot carry.</summary>
    public static string NameOf(IpcOptions options, IHostEnvironment? environment) => Clean(options.Endpoint ?? environment?.ApplicationName ?? "");

    /// <summary>The client's name: as set, else the application's.</summary>
    public static string NameOf(IpcClientOptions options, IHostEnvironment? environment) =>
        Clean(options.Name ?? environment?.ApplicationName ?? "") is { Length: > 0 } name ? name : "client";

    public static TransportLimits LimitsOf(IpcOptions options) => LimitsOf((IpcPeerOptions)options) with
    {
        RingSize = options.RingSize,
        SharedMemoryLimit = options.SharedMemoryLimit,
    };

    /// <summary>What bounds a client: rings and their memory are the endpoint's.</summary>
    public static TransportLimits LimitsOf(IpcPeerOptions options) => new()
    {
        MaxMessageSize = options.MaxMessageSize,
        SpinBudget = options.SpinBudget,
        YieldBudget = options.YieldBudget,
    };

    /// <summary>Where a client joins; the validator has looked at all of it.</summary>
    public static ClientTransportOptions ToJoin(IpcClientOptions options, string name)
    {
        uint? owner = options.User is { } user ? UnixUser.IdOf(user) : null;
        return new ClientTransportOptions
        {
            SocketPath = EndpointPath.Of(options.Folder ?? EndpointPath.FolderOf(owner), options.Endpoint!),
            OwnerId = owner,
            Name = name,
            Limits = LimitsOf(options),
        };
    }

    /// <summary>Who may join; the validator has looked at all of it.</summary>
    public static ClientAccess AccessOf(IpcOptions options) => new()
    {
        SocketPath = EndpointPath.Of(options.Clients.Folder ?? EndpointPath.FolderOf(), options.Endpoint!),
        UserIds = options.Clients.Users.Select(user => UnixUser.IdOf(user)!.Value).ToHashSet(),
        GroupId = options.Clients.UserGroup is { } group ? UnixUser.GroupIdOf(group) : null,
        MaxClients = options.Clients.Max,
    };

    private static string Clean(string name) => string.Concat(name.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_').Take(MaxNameLength));
}
