using System.IO.Pipes;
using System.Net.Sockets;

namespace Ipc.Benchmarks.Raw;

/// <summary>Both ends of a named pipe and of a Unix socket.</summary>
internal static class RawStreams
{
    private const PipeOptions Options = PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly;

    /// <summary>Accepts one client on a socket's path, which is removed then.</summary>
    public static async Task<FrameStream> AcceptSocketAsync(string path, Action isListening)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        isListening();
        Socket client = await listener.AcceptAsync();
        File.Delete(path);
        return new FrameStream(new NetworkStream(client, ownsSocket: true));
    }

    /// <summary>Accepts one client of a pipe.</summary>
    public static async Task<FrameStream> AcceptPipeAsync(string name, Action isListening)
    {
        var pipe = new NamedPipeServerStream(name, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, Options);
        isListening();
        await pipe.WaitForConnectionAsync();
        return new FrameStream(pipe);
    }

    /// <summary>Connects to a socket.</summary>
    public static async Task<FrameStream> ConnectSocketAsync(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new FrameStream(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Connects to a pipe.</summary>
    public static async Task<FrameStream> ConnectPipeAsync(string name)
    {
        var pipe = new NamedPipeClientStream(".", name, PipeDirection.InOut, Options);
        await pipe.ConnectAsync();
        return new FrameStream(pipe);
    }
}
