using Ipc.Health;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Clients;

/// <summary>A client's part: joins the cluster of an endpoint, and joins again when the connection has ended.</summary>
internal sealed class ClientMember : IClusterMember
{
    private readonly Peer _peer;
    private readonly IpcProcess _self;
    private readonly IpcClientOptions _options;
    private readonly ClientTransportOptions _transportOptions;
    private readonly bool _alwaysHosts;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly ReconnectDelay _delay;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private EndpointHost? _host;
    private ClientConnection? _connection;
    private Task _running = Task.CompletedTask;
    private string? _lastFailure;
    private volatile bool _isReady;

    /// <summary>Makes it.</summary>
    /// <param name="peer">What sends and receives.</param>
    /// <param name="self">Told under which number it has joined.</param>
    /// <param name="options">The options.</param>
    /// <param name="name">The client's name.</param>
    /// <param name="alwaysHosts">Whether this process makes the endpoint.</param>
    /// <param name="time">For the pauses between attempts.</param>
    /// <param name="loggers">For the transport.</param>
    public ClientMember(Peer peer, IpcProcess self, IpcClientOptions options, string name, bool alwaysHosts, TimeProvider time, ILoggerFactory loggers)
    {
        _peer = peer;
        _self = self;
        _options = options;
        _transportOptions = TransportOptions.ToJoin(options, name);
        _alwaysHosts = alwaysHosts;
        _loggers = loggers;
        _logger = loggers.CreateLogger("Ipc.Clients");
        _time = time;
        _delay = new ReconnectDelay(options.MaxReconnectDelay, Random.Shared);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_alwaysHosts)
        {
            _host = EndpointHost.Open(_options, _transportOptions, _loggers);
            ClientLog.Hosting(_logger, _transportOptions.SocketPath);
        }

        // Once before the other hosted services start, which may want to send at once. A cluster that is not there yet is no mistake.
        await TryConnectAsync(cancellationToken).ConfigureAwait(false);
        _running = RunAsync();
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        _isReady = true;
        Interlocked.MemoryBarrier(); // pairs with JoinAsync, which stores the connection and then looks at the flag
        if (Volatile.Read(ref _connection) is { } connection)
        {
            await ReportReadyAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _peer.Dispatcher.DrainAsync(Task.CompletedTask, _options.StopTimeout, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _peer.Stop($"{_peer.Id} has stopped.");
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
    }

    public ClusterHealth CheckHealth() => _peer.CheckOwnHealth();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_connection is { } connection)
        {
            await connection.Transport.DisposeAsync().ConfigureAwait(false);
        }

        if (_host is { } host)
        {
            await host.DisposeAsync().ConfigureAwait(false); // last: the others look for a new one from here on
        }

        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                if (_connection is { } connection)
                {
                    string reason = await connection.Ended.WaitAsync(_stopping.Token).ConfigureAwait(false);
                    await LeaveAsync(connection, reason).ConfigureAwait(false);
                }

                await Task.Delay(_delay.Next(), _time, _stopping.Token).ConfigureAwait(false);
                await TryConnectAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // This process stops.
        }
    }

    private async Task LeaveAsync(ClientConnection connection, string reason)
    {
        ClientLog.Disconnected(_logger, _transportOptions.SocketPath, reason);
        Volatile.Write(ref _connection, null);
        string absence = $"the connection to {_transportOptions.SocketPath} has ended ({reason})";
        _peer.Absence = $"This client is not connected: {absence}";
        await connection.Transport.DisposeAsync().ConfigureAwait(false);
        _peer.Detach($"{absence}.");
    }

    private async Task TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken).ConfigureAwait(false);
            _delay.Reset();
            _lastFailure = null;
        }
#pragma warning disable CA1031 // Whatever it is, for example no descriptor left: the next attempt may do better, and a client that gave up would never come back.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            _peer.Absence = $"This client is not connected: {error.Message}";
            if (!string.Equals(_lastFailure, error.Message, StringComparison.Ordinal))
            {
                _lastFailure = error.Message;
                ClientLog.NotConnected(_logger, error.Message);
            }
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await JoinAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IpcException error) when (error.Reason == IpcError.NotRunning && _options.HostIfAbsent && _host is null)
        {
            _host = EndpointHost.TryOpen(_options, _transportOptions, _loggers);
            if (_host is null)
            {
                throw; // somebody else has just made it: the next attempt finds it
            }

            ClientLog.Hosting(_logger, _transportOptions.SocketPath);
            await JoinAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task JoinAsync(CancellationToken cancellationToken)
    {
        var events = new ClientConnection.Events();
        ClientTransport transport = await ClientTransport.JoinAsync(_transportOptions, _peer.Registry.Actions, _peer, events, _loggers, cancellationToken).ConfigureAwait(false);
        var connection = new ClientConnection(transport, events.Ended);
        _self.Rename(transport.Self);
        _peer.Rename(transport.Self);
        _peer.Absence = null;
        _peer.Attach(transport);
        ClientLog.Connected(_logger, _transportOptions.SocketPath, transport.Self);
        Volatile.Write(ref _connection, connection);
        Interlocked.MemoryBarrier(); // pairs with ReadyAsync, which sets the flag and then looks for the connection; saying it twice does no harm
        if (_isReady)
        {
            await ReportReadyAsync(connection, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task ReportReadyAsync(ClientConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await connection.Transport.ReportReadyAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IpcException error) when (error.Reason == IpcError.NotRunning)
        {
            // The connection has ended meanwhile; the next one says it.
        }
    }
}
