using System.Diagnostics.Metrics;
using Ipc.Clients;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ipc.JsonLines;

/// <summary>A connection that speaks JSON lines as a client of the cluster: it joins through the endpoint like any other, but from within the supervisor.</summary>
internal sealed class JsonLinesPeer : IJsonLinesPeer
{
    private readonly ServiceProvider _services;
    private readonly Peer _peer;
    private readonly ClientTransport _transport;

    private JsonLinesPeer(ServiceProvider services, Peer peer, ClientTransport transport)
    {
        _services = services;
        _peer = peer;
        _transport = transport;
    }

    public PeerId Id => _peer.Id;

    public IMessageSender Sender => _peer.Sender;

    /// <summary>Joins.</summary>
    /// <param name="joining">Where, and under which name.</param>
    /// <param name="options">The cluster's options.</param>
    /// <param name="table">What it listens to.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpcException">It was not admitted.</exception>
    public static async Task<JsonLinesPeer> JoinAsync(
        ClientTransportOptions joining, IpcOptions options, JsonLinesTable table, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider(); // its instruments end with it
        var registration = new IpcRegistration(new ServiceCollection(), PeerId.Client(joining.Name, 0), identity: null, isSecondHostOfWorker: false);
        registration.Wirings.Add(new IpcWiringOptions { Table = table });
        Peer? peer = null;
        ClientTransport transport;
        try
        {
            peer = new Peer(registration, options, services, services.GetRequiredService<IMeterFactory>(), loggers.CreateLogger<Peer>(), loggers.CreateLogger<Dispatcher>());
            transport = await ClientTransport.JoinAsync(joining, peer.Registry.Actions, peer, new ClientConnection.Events(), loggers, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            if (peer is not null)
            {
                await peer.DisposeAsync().ConfigureAwait(false);
            }

            await services.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        var joined = new JsonLinesPeer(services, peer, transport);
        try
        {
            peer.Rename(transport.Self);
            peer.Attach(transport);
            await transport.ReportReadyAsync(cancellationToken).ConfigureAwait(false);
            return joined;
        }
        catch
        {
            await joined.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public bool MayUse(string action)
    {
        ulong hash = ActionHash.Compute(action);
        return _transport.Directory.Peers.Any(peer => peer.Actions.Contains(hash));
    }

    public async ValueTask DisposeAsync()
    {
        _peer.Stop($"{_peer.Id} has left.");
        await _transport.DisposeAsync().ConfigureAwait(false);
        await _peer.DisposeAsync().ConfigureAwait(false);
        await _services.DisposeAsync().ConfigureAwait(false);
    }
}
