using System.ComponentModel;
using System.Globalization;
using Ipc.Transports.Interop;

namespace Ipc.Transports;

/// <summary>
/// Holds a cluster's chosen name for one supervisor of this user at a time. The claim is an abstract Unix socket, so it leaves no file and ends with its process, however
/// that ends. Another user may have a cluster of the same name.
/// </summary>
public sealed class EndpointClaim : IDisposable
{
    private const int MaxLength = 64;

    /// <summary>Nobody is ever accepted; each start that is refused stays in the queue, and one that finds it full cannot tell who has the name.</summary>
    private const int Backlog = 4096;

    private readonly FileDescriptor _socket;

    private EndpointClaim(FileDescriptor socket) => _socket = socket;

    /// <summary>Claims the name.</summary>
    /// <param name="name">The name, at most 64 characters.</param>
    /// <exception cref="IOException">Another process has it; the message names the process.</exception>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static EndpointClaim Take(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, MaxLength);
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Abstract sockets exist on Linux only: leave Ipc:Endpoint out.");
        }

        string socketName = string.Create(CultureInfo.InvariantCulture, $"ipc-endpoint-{Libc.EffectiveUserId()}-{name}");
        try
        {
            return new EndpointClaim(UnixSocket.ListenAbstract(socketName, Backlog));
        }
        catch (Win32Exception error) when (error.NativeErrorCode == Libc.ErrorAddressInUse)
        {
            throw new IOException(
                $"Ipc:Endpoint is \"{name}\", and {Owner(socketName)} has the endpoint of that name. Stop it first, or choose another name.", error);
        }
    }

    /// <summary>Gives the name back.</summary>
    public void Dispose() => _socket.Dispose();

    private static string Owner(string socketName)
    {
        using FileDescriptor? connection = UnixSocket.TryConnectAbstract(socketName, out _);
        return connection is not null && UnixSocket.TryGetPeer(connection) is { ProcessId: > 0 } peer
            ? string.Create(CultureInfo.InvariantCulture, $"process {peer.ProcessId}")
            : "another process";
    }
}
