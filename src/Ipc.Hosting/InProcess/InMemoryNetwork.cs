using Ipc.Transports;

namespace Ipc.InProcess;

/// <summary>A whole cluster's transport inside one process: peers join it, and their lanes are queues.</summary>
internal sealed class InMemoryNetwork
{
    /// <summary>Makes a network without peers.</summary>
    /// <param name="limits">What bounds its lanes.</param>
    public InMemoryNetwork(TransportLimits limits) => Limits = limits;

    /// <summary>What bounds its lanes.</summary>
    public TransportLimits Limits { get; }

    /// <summary>Adds a worker id to the directory, with incarnation 0.</summary>
    public void AddSlot(string group, int workerId) => throw new IpcException(IpcError.NotRunning, $"The network has no room for {group}/{workerId}. ({Limits.MaxMessageSize})");

    /// <summary>Joins as one incarnation; it takes over what waits in its worker id's inbox.</summary>
    public Transport Join(PeerId self, PeerActions actions, ITransportReceiver receiver) => throw new IpcException(IpcError.NotRunning, $"{self} cannot join. ({Limits.MaxMessageSize})");

    /// <summary>Says that a peer is ready: the directory shows it.</summary>
    public void SetReady(PeerId peer) => throw new IpcException(IpcError.NotRunning, $"{peer} has not joined. ({Limits.MaxMessageSize})");

    /// <summary>Ends an incarnation as a crash would: every sender is told, and its inbox waits for the successor or is given up.</summary>
    public void Leave(PeerId peer, bool keepInbox) => throw new IpcException(IpcError.NotRunning, $"{peer} has not joined. ({Limits.MaxMessageSize})");
}
