using System.Net.Sockets;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.JsonLines;

/// <summary>Serves the connections to the clients' endpoint that begin with text. Safe for any thread.</summary>
/// <param name="methods">What the program's actions take and answer.</param>
/// <param name="options">The cluster's options.</param>
/// <param name="access">Where the endpoint is.</param>
/// <param name="loggers">For the log.</param>
internal sealed class JsonLinesEndpoint(MethodTable methods, IpcOptions options, ClientAccess access, ILoggerFactory loggers) : IJsonLinesHost, IAsyncDisposable
{
    /// <summary>The name of a client that has not given one.</summary>
    private const string Nameless = "json";

    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<JsonLinesEndpoint>();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<Socket, Task> _sessions = [];

    public MethodTable Methods { get; } = methods;

    public int MaxLineLength => options.MaxMessageSize;

    /// <summary>Begins to serve a connection. Returns at once.</summary>
    /// <param name="socket">The connection; owned by this object from now on.</param>
    /// <param name="received">What has been read from it.</param>
    public void Accept(Socket socket, byte[] received)
    {
        lock (_gate)
        {
            if (!_stopping.IsCancellationRequested && _sessions.Count < access.MaxClients)
            {
                _sessions.Add(socket, Task.Run(() => ServeAsync(socket, received)));
                return;
            }
        }

        using var answer = new PooledBufferWriter();
        JsonAnswer.WriteError(answer, null, new IpcException(
            IpcError.NotAllowed, $"The endpoint has {access.MaxClients} clients, and takes no more (Ipc:Clients:Max), or it stops."));
        answer.GetSpan(1)[0] = (byte)'\n';
        answer.Advance(1);
        _ = socket.Send(answer.WrittenSpan, SocketFlags.None, out _); // a new connection has room for it
        socket.Dispose();
    }

    public async ValueTask<IJsonLinesPeer> JoinAsync(string? name, IReadOnlyList<string> actions, JsonLinesInbox inbox, CancellationToken cancellationToken)
    {
        if (name is not null && !EndpointPath.IsName(name))
        {
            throw new IpcException(IpcError.BadMessage, $"\"{name}\" is no name of a client; it has {EndpointPath.NameRule}.");
        }

        var joining = new ClientTransportOptions { SocketPath = access.SocketPath, Name = name ?? Nameless, Limits = TransportOptions.LimitsOf((IpcPeerOptions)options) };
        try
        {
            return await JsonLinesPeer.JoinAsync(joining, options, new JsonLinesTable(actions, inbox), loggers, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new IpcException(IpcError.BadMessage, e.Message, e); // the actions do not fit into a greeting, or two have one hash
        }
    }

    /// <summary>Ends all sessions: what has no answer by then fails, and is told so if the client reads it at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        KeyValuePair<Socket, Task>[] sessions;
        lock (_gate)
        {
            sessions = [.. _sessions];
        }

        Task ended = Task.WhenAll(sessions.Select(session => session.Value));
        if (await Task.WhenAny(ended, Task.Delay(LastAnswers)).ConfigureAwait(false) != ended)
        {
            foreach ((Socket socket, _) in sessions)
            {
                socket.Dispose();
            }

            await ended.ConfigureAwait(false);
        }

        _stopping.Dispose();
    }

    private async Task ServeAsync(Socket socket, byte[] received)
    {
        try
        {
            socket.Blocking = true; // for those who wait; a stream wants it so
            var stream = new NetworkStream(socket, ownsSocket: true);
            await using (stream.ConfigureAwait(false))
            {
                using var session = new JsonLinesSession(stream, this, received);
                await session.RunAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
#pragma warning disable CA1031 // One connection's trouble is not the next one's.
        catch (Exception error)
#pragma warning restore CA1031
        {
            JsonLinesLog.Failed(_logger, error);
        }
        finally
        {
            lock (_gate)
            {
                _sessions.Remove(socket);
            }
        }
    }
}
