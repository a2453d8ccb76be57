using System.Net.Sockets;
using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports.Broker;

/// <summary>The socket with a path where clients join. Its file goes with it; one that a killed process has left is replaced. Control thread only.</summary>
internal sealed class ClientEndpoint : ControlEndpoint, IControlHandler
{
    private const UnixFileMode OwnFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode OpenFolder = OwnFolder | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode OwnSocket = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OpenSocket = OwnSocket | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const uint Root = 0;

    private readonly ClientAccess _access;
    private readonly Func<Greeting, int, string?> _whyNoMore;
    private readonly Action<Greeting, ControlConnection, PeerCredentials> _admit;
    private readonly Action<Socket, byte[]>? _onText;

    private ClientEndpoint(
        ClientAccess access,
        FileDescriptor socket,
        ControlLoop loop,
        TimeSpan handshakeTimeout,
        ILogger logger,
        Func<FileDescriptor, PeerCredentials?> credentials,
        Func<Greeting, int, string?> whyNoMore,
        Action<Greeting, ControlConnection, PeerCredentials> admit,
        Action<Socket, byte[]>? onText)
        : base(loop, socket, handshakeTimeout, logger, credentials)
    {
        _access = access;
        _whyNoMore = whyNoMore;
        _admit = admit;
        _onText = onText;
    }

    /// <summary>Listens. Whoever calls holds the endpoint's name, so that nobody else listens on the path.</summary>
    /// <param name="access">Where, and for whom.</param>
    /// <param name="loop">The control thread.</param>
    /// <param name="handshakeTimeout">How long a connection may take until it is admitted.</param>
    /// <param name="logger">For refusals.</param>
    /// <param name="credentials">Who is at the other end; tests replace it.</param>
    /// <param name="whyNoMore">Says why there is no room for a client, where so many are allowed.</param>
    /// <param name="admit">Takes over a connection, and becomes its handler.</param>
    /// <param name="onText">Takes over a connection that begins with text, and what has been read from it.</param>
    /// <exception cref="IOException">The folder is somebody else's or others may write to it, or the socket cannot be made.</exception>
    public static ClientEndpoint Open(
        ClientAccess access,
        ControlLoop loop,
        TimeSpan handshakeTimeout,
        ILogger logger,
        Func<FileDescriptor, PeerCredentials?> credentials,
        Func<Greeting, int, string?> whyNoMore,
        Action<Greeting, ControlConnection, PeerCredentials> admit,
        Action<Socket, byte[]>? onText)
    {
        bool isForOthers = access.UserIds.Count > 0 || access.GroupId is not null;
        string folder = Path.GetDirectoryName(access.SocketPath)!;
        try
        {
            PrepareFolder(folder, isForOthers ? OpenFolder : OwnFolder);
            File.Delete(access.SocketPath);
            FileDescriptor socket = UnixSocket.ListenPath(access.SocketPath, isForOthers ? OpenSocket : OwnSocket, backlog: 128);
            return new ClientEndpoint(access, socket, loop, handshakeTimeout, logger, credentials, whyNoMore, admit, onText);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            throw new IOException($"The endpoint's socket {access.SocketPath} cannot be made: {error.Message} Set Ipc:Clients:Folder, in a client Ipc:Folder, to a folder that this process may write to.", error);
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        try
        {
            File.Delete(_access.SocketPath); // before the socket: while it listens, nobody else does
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            ControlLog.SocketNotRemoved(Logger, error, _access.SocketPath); // its folder has gone; the rest is to end all the same
        }

        base.Close();
    }

    /// <inheritdoc/>
    public void OnText(ControlConnection connection)
    {
        Forget(connection);
        FileDescriptor socket = connection.Detach(out byte[] received);
        _onText!(socket.IntoSocket(), received);
    }

    /// <inheritdoc/>
    protected override bool AcceptsText => _onText is not null;

    /// <inheritdoc/>
    protected override string? WhyUnwelcome(FileDescriptor socket, PeerCredentials peer) =>
        IsOwn(peer) || _access.UserIds.Contains(peer.UserId) || (_access.GroupId is { } group && UnixSocket.IsPeerInGroup(socket, peer, group))
            ? null
            : $"it belongs to user {peer.UserId}, who is not among Ipc:Clients:Users, nor in Ipc:Clients:UserGroup";

    /// <inheritdoc/>
    protected override string? Decide(Pending pending)
    {
        Greeting greeting = pending.Greeting!;
        string? reason = greeting.Self.Kind != PeerKind.Client || !EndpointPath.IsName(greeting.Self.Group) ? $"a client has a name of {EndpointPath.NameRule}"
            : _whyNoMore(greeting, _access.MaxClients);
        if (reason is not null)
        {
            Refuse(pending.Connection, reason);
            return reason;
        }

        Admit(pending, connection => _admit(greeting, connection, pending.Peer));
        return null;
    }

    /// <summary>Whether somebody may use shared memory: who can write to it can disturb its readers.</summary>
    public static bool IsOwn(PeerCredentials peer) => peer.UserId == Libc.EffectiveUserId() || peer.UserId == Root;

    /// <summary>In a folder that others may write to, they could put their own socket in the place of ours.</summary>
    private static void PrepareFolder(string folder, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(folder, mode);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The endpoint's folder {folder} cannot be made: {error.Message} Set Ipc:Clients:Folder, in a client Ipc:Folder, to one that this process may make.", error);
        }

        var info = new DirectoryInfo(folder);
        if (info.LinkTarget is not null || FileOwner.Of(folder) != Libc.EffectiveUserId())
        {
            throw new IOException($"The endpoint's folder {folder} belongs to another user, or is a link: set Ipc:Clients:Folder, in a client Ipc:Folder, to one of your own.");
        }

        if ((info.UnixFileMode & OthersWrite) != 0)
        {
            throw new IOException($"Others may write to the endpoint's folder {folder}, and could put their own socket there: chmod go-w, or set Ipc:Clients:Folder, in a client Ipc:Folder, to another one.");
        }

        if ((info.UnixFileMode & mode) != mode)
        {
            info.UnixFileMode |= mode;
        }
    }
}
