using System.Net.Sockets;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>Two connected sockets.</summary>
internal static class SocketPair
{
    public static async Task<(Socket Client, Socket Server)> CreateAsync()
    {
        var name = new UnixDomainSocketEndPoint($"\0ipc-test-{Guid.NewGuid():N}");
        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(name);
        listening.Listen(1);
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(name, CancellationToken.None);
        return (client, await listening.AcceptAsync(CancellationToken.None));
    }
}
