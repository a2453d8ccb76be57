using System.Net.Sockets;
using System.Text;

namespace Ipc.Systemd;

/// <summary>The socket on which systemd hears how a service is (sd_notify). Thread-safe.</summary>
internal sealed class SystemdSocket : IDisposable
{
    /// <summary>The environment variable that names it.</summary>
    public const string Variable = "NOTIFY_SOCKET";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { SendTimeout = (int)Patience.TotalMilliseconds };
    private readonly UnixDomainSocketEndPoint _systemd;

    private SystemdSocket(string path) => _systemd = new UnixDomainSocketEndPoint(path);

    /// <summary>The socket of a service of <c>Type=notify</c>.</summary>
    /// <param name="name">A path, or <c>@</c> and a name that is in no file system; <see langword="null"/> where systemd has not asked.</param>
    public static SystemdSocket? Open(string? name) => name switch
    {
        ['/', ..] => new SystemdSocket(name),
        ['@', _, ..] => new SystemdSocket('\0' + name[1..]),
        _ => null, // vsock addresses are for machines that tell their host
    };

    /// <summary>Sends assignments such as <c>READY=1</c>, one a line.</summary>
    /// <exception cref="SocketException">Nobody is there, or systemd has not read for a second.</exception>
    public void Send(string assignments) => _socket.SendTo(Encoding.UTF8.GetBytes(assignments), _systemd);

    public void Dispose() => _socket.Dispose();
}
