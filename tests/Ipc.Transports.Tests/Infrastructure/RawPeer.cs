using Ipc.Transports.Interop;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A process that connects to the endpoint and does not keep to the rules.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly FileDescriptor _socket;

    private RawPeer(FileDescriptor socket) => _socket = socket;

    /// <summary>One end of a pair.</summary>
    public static RawPeer Over(FileDescriptor socket) => new(socket);

    /// <summary>Connects to an abstract name, or a path; waits while the listener's queue is full.</summary>
    public static async Task<RawPeer> ConnectAsync(string endpoint)
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (true)
        {
            FileDescriptor? socket = endpoint.StartsWith('/') ? UnixSocket.TryConnectPath(endpoint, out int error) : UnixSocket.TryConnectAbstract(endpoint, out error);
            if (socket is not null)
            {
                return new RawPeer(socket);
            }

            Assert.Equal(Libc.ErrorAgain, error);
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>Sends bytes; the other end may have closed already.</summary>
    public void Send(params byte[] bytes) => UnixSocket.TrySend(_socket, bytes, [], out _);

    /// <summary>Sends bytes and a descriptor.</summary>
    public void SendWithDescriptor(byte[] bytes, FileDescriptor descriptor) => UnixSocket.TrySend(_socket, bytes, [descriptor], out _);

    /// <summary>Whether the other end has closed by now.</summary>
    public bool IsClosed()
    {
        byte[] buffer = new byte[4096];
        IoStatus status = UnixSocket.TryReceive(_socket, buffer, [], out _);
        return status is IoStatus.EndOfStream or IoStatus.Failed || (status == IoStatus.Done && IsClosed());
    }

    /// <summary>Waits until the other end has closed.</summary>
    public async Task WhenClosedAsync()
    {
        using var patience = new CancellationTokenSource(Frames.Patience);
        while (!IsClosed())
        {
            await Task.Delay(5, patience.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
