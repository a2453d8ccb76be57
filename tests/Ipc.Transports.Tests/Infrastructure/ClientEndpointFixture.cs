using System.Net.Sockets;
using Ipc.Transports.Interop;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A supervisor that clients may join, in a folder of its own.</summary>
internal sealed class ClientEndpointFixture : IAsyncDisposable
{
    public ClientEndpointFixture(bool useSharedMemory = false, ClientAccess? access = null, Func<FileDescriptor, PeerCredentials?>? credentials = null, TransportLimits? limits = null, Action<Socket, byte[]>? onText = null, bool accepts = true)
    {
        Directory.CreateDirectory(Folder);
        Access = (access ?? new ClientAccess { SocketPath = "" }) with { SocketPath = EndpointPath.Of(Folder, "shop") };
        Supervisor = new TestSupervisor(
            new SupervisorTransportOptions { UseSharedMemory = useSharedMemory, Clients = Access, Limits = limits ?? new TransportLimits(), OnText = onText }, credentials);
        if (accepts)
        {
            Supervisor.Transport.AcceptClients();
        }
    }

    /// <summary>Short, for a socket's path is.</summary>
    public string Folder { get; } = $"/tmp/ipc-test-{Guid.NewGuid().ToString("N")[..12]}";

    public ClientAccess Access { get; }

    public TestSupervisor Supervisor { get; }

    /// <summary>Joins as a client that lives in this process.</summary>
    public async Task<ClientTransport> JoinAsync(string name, ITransportReceiver? receiver = null, ClientEvents? events = null, string[]? actions = null)
    {
        ClientTransport client = await ClientTransport.JoinAsync(
            new ClientTransportOptions { SocketPath = Access.SocketPath, Name = name },
            new PeerActions(actions ?? []),
            receiver ?? new TestReceiver(),
            events ?? new ClientEvents(),
            NullLoggerFactory.Instance,
            CancellationToken.None);
        await client.ReportReadyAsync(CancellationToken.None);
        return client;
    }

    /// <summary>A worker that lives in this process.</summary>
    public async Task<WorkerTransport> StartWorkerAsync(ITransportReceiver receiver)
    {
        PeerId id = PeerId.Worker("worker", 0, 1);
        WorkerTransport worker = await Supervisor.ConnectAsync(id, Supervisor.Expect(id), receiver);
        await worker.ReportReadyAsync(CancellationToken.None);
        return worker;
    }

    public async ValueTask DisposeAsync()
    {
        await Supervisor.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
