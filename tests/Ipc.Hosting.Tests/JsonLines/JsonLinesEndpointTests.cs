using System.Net.Sockets;
using System.Text;
using Ipc.JsonLines;
using Ipc.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Ipc.Hosting.Tests.JsonLines;

/// <summary>The connections of an endpoint that speak JSON lines, where nobody can be joined.</summary>
public sealed class JsonLinesEndpointTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_connection_more_than_there_may_be_is_told_so_and_closed_until_one_ends()
    {
        await using JsonLinesEndpoint endpoint = Create();
        using Socket first = await ConnectAsync(endpoint, ""), second = await ConnectAsync(endpoint, "");
        string refusal = await ReadAsync(second);
        Assert.StartsWith("""{"rid":null,"success":false,"error":{"reason":"NotAllowed","message":"The endpoint has 1 clients""", refusal, StringComparison.Ordinal);
        Assert.Equal("", await ReadAsync(second));

        first.Close();
        using var patience = new CancellationTokenSource(Deadline);
        string answer;
        do
        {
            using Socket third = await ConnectAsync(endpoint, "x\n");
            answer = await ReadAsync(third);
        }
        while (answer.Contains("NotAllowed", StringComparison.Ordinal) && !patience.IsCancellationRequested);

        Assert.Contains("BadMessage", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_with_the_connection_is_its_first_line_and_a_cluster_that_is_not_there_is_an_answer()
    {
        await using JsonLinesEndpoint endpoint = Create();
        using Socket client = await ConnectAsync(endpoint, """{"rid":1,"meth""");
        await client.SendAsync("od\":\"add\"}\n"u8.ToArray());
        Assert.StartsWith("""{"rid":1,"success":false,"error":{"reason":"NotRunning",""", await ReadAsync(client), StringComparison.Ordinal);
        await client.SendAsync("{\"register\":\"a name\"}\n"u8.ToArray());
        Assert.Contains("1 to 64 letters", await ReadAsync(client), StringComparison.Ordinal);

        string actions = string.Join(',', Enumerable.Range(0, 1_000).Select(i => $"\"{i}{new string('a', 500)}\""));
        await client.SendAsync(Encoding.UTF8.GetBytes($"{{\"register\":\"me\",\"actions\":[{actions}]}}\n"));
        Assert.Contains("1000 actions", await ReadAsync(client), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_end_is_that_of_its_connections_also_of_those_that_say_nothing()
    {
        JsonLinesEndpoint endpoint = Create();
        using Socket client = await ConnectAsync(endpoint, "");
        await endpoint.DisposeAsync().AsTask().WaitAsync(Deadline);
        Assert.Equal("", await ReadAsync(client));
        using Socket late = await ConnectAsync(endpoint, "");
        Assert.Contains("NotAllowed", await ReadAsync(late), StringComparison.Ordinal);
    }

    private static JsonLinesEndpoint Create() =>
        new(new MethodTable([]), new IpcOptions(), new ClientAccess { SocketPath = $"/tmp/ipc-none-{Guid.NewGuid():N}", MaxClients = 1 }, NullLoggerFactory.Instance);

    private static async Task<Socket> ConnectAsync(JsonLinesEndpoint endpoint, string received)
    {
        (Socket client, Socket server) = await SocketPair.CreateAsync();
        endpoint.Accept(server, Encoding.UTF8.GetBytes(received));
        return client;
    }

    private static async Task<string> ReadAsync(Socket socket)
    {
        byte[] buffer = new byte[4096];
        return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer).WaitAsync(Deadline));
    }
}
