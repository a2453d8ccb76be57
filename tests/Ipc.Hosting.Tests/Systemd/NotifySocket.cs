using System.Net.Sockets;
using System.Text;

namespace Ipc.Hosting.Tests.Systemd;

/// <summary>Plays systemd: a real datagram socket, and all that was said to it.</summary>
internal sealed class NotifySocket : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly List<string> _messages = [];

    /// <summary>Listens.</summary>
    /// <param name="name">As in <c>NOTIFY_SOCKET</c>: a path, or <c>@</c> and a name.</param>
    public NotifySocket(string name)
    {
        Name = name;
        _socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
        new Thread(Receive) { IsBackground = true }.Start();
    }

    public string Name { get; }

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_messages)
            {
                return [.. _messages];
            }
        }
    }

    public static NotifySocket Abstract() => new($"@ipc-tests-{Guid.NewGuid():N}");

    public async Task WaitForAsync(Func<IReadOnlyList<string>, bool> condition)
    {
        using var patience = new CancellationTokenSource(Deadline);
        while (!condition(Messages))
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException($"systemd has not heard it. It heard:\n{string.Join('\n', Messages)}");
            }

            await Task.Delay(10, CancellationToken.None);
        }
    }

    /// <summary>Says something to it itself: what it has heard before that was said before.</summary>
    public async Task MarkAsync(string mark)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.UTF8.GetBytes(mark), _socket.LocalEndPoint!);
        await WaitForAsync(m => m.Contains(mark));
    }

    public void Dispose() => _socket.Dispose();

    private void Receive()
    {
        byte[] buffer = new byte[4096];
        try
        {
            while (true)
            {
                int count = _socket.Receive(buffer);
                lock (_messages)
                {
                    _messages.Add(Encoding.UTF8.GetString(buffer, 0, count));
                }
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return; // disposed
        }
    }
}
