using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.Clients;

/// <summary>An endpoint without workers, in the process of one of its clients: lets clients find each other. It listens to nothing itself.</summary>
internal sealed class EndpointHost : ITransportReceiver, ISupervisorEvents, IAsyncDisposable
{
    private readonly EndpointClaim _claim;
    private readonly SupervisorTransport _transport;

    private EndpointHost(EndpointClaim claim, IpcClientOptions options, ClientTransportOptions own, ILoggerFactory loggers)
    {
        _claim = claim;
        var transportOptions = new SupervisorTransportOptions
        {
            Name = options.Endpoint!,
            Limits = own.Limits,
            Clients = new ClientAccess { SocketPath = own.SocketPath },
        };
        _transport = SupervisorTransport.Start(transportOptions, PeerActions.None, this, this, loggers);
        _transport.AcceptClients();
    }

    bool ITransportReceiver.ExpectsAnswers => false;

    /// <summary>Makes the endpoint.</summary>
    /// <exception cref="IOException">Another process has it, or its socket cannot be made.</exception>
    public static EndpointHost Open(IpcClientOptions options, ClientTransportOptions own, ILoggerFactory loggers) =>
        Open(EndpointClaim.Take(options.Endpoint!), options, own, loggers);

    /// <summary>Makes the endpoint unless another process has it.</summary>
    /// <exception cref="IpcException">Its socket cannot be made.</exception>
    public static EndpointHost? TryOpen(IpcClientOptions options, ClientTransportOptions own, ILoggerFactory loggers)
    {
        EndpointClaim claim;
        try
        {
            claim = EndpointClaim.Take(options.Endpoint!);
        }
        catch (IOException)
        {
            return null; // it has just been made: the next attempt to connect finds it
        }

        try
        {
            return Open(claim, options, own, loggers);
        }
        catch (IOException error)
        {
            throw new IpcException(IpcError.NotRunning, error.Message, error);
        }
    }

    private static EndpointHost Open(EndpointClaim claim, IpcClientOptions options, ClientTransportOptions own, ILoggerFactory loggers)
    {
        try
        {
            return new EndpointHost(claim, options, own, loggers);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>Closes the endpoint: its clients see it, and look for another one.</summary>
    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync().ConfigureAwait(false);
        _claim.Dispose();
    }

    FrameDisposition ITransportReceiver.OnFrame(scoped in InboundFrame frame)
    {
        // Nobody is told of a listener here, so only who breaks the rules sends anything.
        frame.MarkStarted();
        return FrameDisposition.Consumed;
    }

    void ITransportReceiver.OnDirectoryChanged(PeerDirectory directory)
    {
    }

    void ITransportReceiver.OnReaderGone(OutboundLane lane, PeerId reader, long takenPosition, bool inboxKept)
    {
    }

    void ITransportReceiver.OnRequestInterrupted(PeerId reader, long correlation)
    {
    }
}
