using System.Net.Sockets;
using System.Text;
using Ipc.JsonLines;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>A connection to a session, over a real socket, with a cluster in this process behind it.</summary>
internal sealed class JsonLinesConnection : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly Socket _client;
    private readonly JsonLineReader _reader;
    private readonly JsonLinesSession _session;
    private readonly NetworkStream _server;

    private JsonLinesConnection(Socket client, Socket server, SenderHost host, CancellationToken stopping)
    {
        _client = client;
        _server = new NetworkStream(server, ownsSocket: true);
        Host = host;
        _reader = new JsonLineReader(new NetworkStream(client, ownsSocket: false), int.MaxValue);
        _session = new JsonLinesSession(_server, host);
        Session = ServeAsync(stopping);
    }

    public SenderHost Host { get; }

    /// <summary>Ends with the session.</summary>
    public Task Session { get; }

    public Socket Client => _client;

    public static Task<JsonLinesConnection> OpenAsync(InProcessCluster cluster, int maxLineLength = 1 << 20, CancellationToken stopping = default) =>
        OpenAsync(new SenderHost(cluster.Sender, new MethodTable(cluster.Services.GetRequiredService<IpcRegistration>().Wirings), maxLineLength), stopping);

    public static async Task<JsonLinesConnection> OpenAsync(SenderHost host, CancellationToken stopping = default)
    {
        (Socket client, Socket server) = await SocketPair.CreateAsync();
        return new JsonLinesConnection(client, server, host, stopping);
    }

    public Task SendAsync(params string[] lines) => SendAsync(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n"))));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await _client.SendAsync(bytes[sent..]).AsTask().WaitAsync(Deadline);
        }
    }

    /// <summary>The next line.</summary>
    public async Task<string> ReadAsync()
    {
        JsonLine line = await _reader.ReadAsync(CancellationToken.None).AsTask().WaitAsync(Deadline);
        Assert.Equal(JsonLineKind.Line, line.Kind);
        return Encoding.UTF8.GetString(line.Bytes.Span);
    }

    /// <summary>Sends a line and gives the next one.</summary>
    public async Task<string> AskAsync(string line)
    {
        await SendAsync(line);
        return await ReadAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Session.WaitAsync(Deadline);
        _reader.Dispose();
    }

    private async Task ServeAsync(CancellationToken stopping)
    {
        using (_session)
        await using (_server)
        {
            await _session.RunAsync(stopping);
        }
    }
}
