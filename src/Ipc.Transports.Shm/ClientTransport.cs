using Ipc.Transports.Control;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging;

namespace Ipc.Transports;

/// <summary>A client's end: an unrelated process that joins a cluster through its endpoint. Every method may be called from any thread.</summary>
public sealed class ClientTransport : ConnectedTransport
{
    private readonly IClientEvents _events;

    private ClientTransport(PeerId self, TransportLimits limits, ITransportReceiver receiver, IClientEvents events, ILoggerFactory loggers)
        : base(self, limits, receiver, loggers) => _events = events;

    /// <summary>Joins the cluster of an endpoint. Frames and news may reach <paramref name="receiver"/> before the task completes.</summary>
    /// <param name="options">Where to connect, and under which name.</param>
    /// <param name="actions">What this client listens to.</param>
    /// <param name="receiver">Gets frames and news.</param>
    /// <param name="events">Hears of the end of the connection, on the control thread.</param>
    /// <param name="loggers">For the log.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="IpcException"><see cref="IpcError.NotRunning"/>: nobody listens there, or not in time; <see cref="IpcError.NotAllowed"/>: this process was not admitted, and why.</exception>
    public static async Task<ClientTransport> JoinAsync(
        ClientTransportOptions options,
        PeerActions actions,
        ITransportReceiver receiver,
        IClientEvents events,
        ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(actions);
        ArgumentNullException.ThrowIfNull(receiver);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(loggers);
        LimitChecks.ThrowIfInvalid(options.Limits);
        if (!EndpointPath.IsName(options.Name))
        {
            throw new ArgumentException($"The client's name is \"{options.Name}\"; it has {EndpointPath.NameRule}.", nameof(options));
        }

        PeerId self = PeerId.Client(options.Name, 0);
        byte[] greeting = Greet(self, new byte[ControlProtocol.SecretSize], actions);
        return await ConnectAsync(
            () => new ClientTransport(self, options.Limits, receiver, events, loggers),
            token => ConnectSocketAsync(
                () => (UnixSocket.TryConnectPath(options.SocketPath, out int error), error),
                options.OwnerId ?? Libc.EffectiveUserId(),
                options.SocketPath,
                $"the client \"{options.Name}\"",
                "no cluster has this endpoint open. It needs Ipc:Clients:Enabled, and the same user or folder.",
                token),
            greeting,
            options.Limits.HandshakeTimeout,
            $"The client \"{options.Name}\" was not admitted at {options.SocketPath} within {options.Limits.HandshakeTimeout.TotalSeconds:0.#} s: the endpoint does not answer.",
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The process goes on, and the others are gone for it.</summary>
    private protected override IpcError WhenLost => IpcError.PeerGone;

    private protected override void OnGone(string reason) => _events.OnDisconnected(reason);

    private protected override string DescribeRefusal(string reason) => $"The endpoint refused the client \"{Self.Group}\": {reason}.";
}
