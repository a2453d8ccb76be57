using Ipc.Transports.Interop;
using Ipc.Transports.Memory;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>A supervisor's transport with its receiver and events.</summary>
internal sealed class TestSupervisor : IAsyncDisposable
{
    public TestSupervisor(SupervisorTransportOptions? options = null, Func<FileDescriptor, PeerCredentials?>? credentials = null, MemoryCgroup? cgroup = null)
    {
        Options = options ?? new SupervisorTransportOptions { UseSharedMemory = false };
        Transport = SupervisorTransport.Start(
            Options, PeerActions.None, Receiver, Events, NullLoggerFactory.Instance, credentials ?? UnixSocket.TryGetPeer, cgroup ?? MemoryCgroup.Current);
    }

    public SupervisorTransportOptions Options { get; }

    public TestReceiver Receiver { get; } = new();

    public SupervisorEvents Events { get; } = new();

    public SupervisorTransport Transport { get; }

    /// <summary>A ticket for a worker that lives in this process.</summary>
    public WorkerTicket Expect(PeerId worker, uint? userId = null)
    {
        WorkerTicket ticket = Transport.ExpectWorker(worker, userId);
        Transport.SetProcessId(worker, Environment.ProcessId);
        return ticket;
    }

    /// <summary>Connects a worker that lives in this process.</summary>
    public Task<WorkerTransport> ConnectAsync(PeerId worker, WorkerTicket ticket, ITransportReceiver? receiver = null, WorkerEvents? events = null) =>
        WorkerTransport.ConnectAsync(
            new WorkerTransportOptions { Endpoint = ticket.Endpoint, Secret = ticket.Secret, Self = worker, Limits = Options.Limits },
            PeerActions.None,
            receiver ?? new TestReceiver(),
            events ?? new WorkerEvents(),
            NullLoggerFactory.Instance,
            CancellationToken.None);

    public ValueTask DisposeAsync() => Transport.DisposeAsync();
}
