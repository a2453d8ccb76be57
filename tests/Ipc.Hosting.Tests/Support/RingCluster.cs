using System.Runtime.CompilerServices;
using Ipc.InProcess;
using Ipc.Messaging;
using Ipc.Transports.Lanes;
using Ipc.Transports.Rings;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging;

namespace Ipc.Hosting.Tests;

/// <summary>A supervisor and workers of one test process over the real transport: listeners run inline on the threads that read the rings, as in processes of their own.</summary>
internal sealed class RingCluster : IAsyncDisposable
{
    private readonly IpcRegistration _registration;
    private readonly ServiceProvider _services;
    private readonly SupervisorTransport _transport;
    private readonly List<(ServiceProvider Services, WorkerTransport Transport)> _workers = [];

    private RingCluster(IpcRegistration registration, ServiceProvider services, SupervisorTransport transport)
    {
        _registration = registration;
        _services = services;
        _transport = transport;
    }

    public Recorder Recorder => _services.GetRequiredService<Recorder>();

    public Gates Gates => _services.GetRequiredService<Gates>();

    public IServiceProvider Services => _services;

    public IMessageSender Sender => Supervisor.Sender;

    public Peer Supervisor => _services.GetRequiredService<Peer>();

    public SupervisorTransport Transport => _transport;

    /// <summary>Whether the thread that reads the supervisor's rings sleeps, or is about to: only tests want to know.</summary>
    public bool IsReaderParked => RingsOf(LanesOf(_transport)) is { IsParked: true };

    public static async Task<RingCluster> StartAsync(int workers = 2, bool overPipe = false, Action<IpcOptions>? configure = null, Action<IpcWorkersBuilder>? more = null, ClientAccess? clients = null)
    {
        var services = new ServiceCollection();
        services.AddMetrics().AddLogging().AddSingleton<Recorder>().AddSingleton<Gates>().AddScoped<ScopedThing>().AddSingleton<Clients.PresenceLog>();
        IpcWorkersBuilder builder = services.AddIpcWorkers(o =>
        {
            o.RequestTimeout = TimeSpan.FromSeconds(20);
            configure?.Invoke(o);
        });
        more?.Invoke(builder);
        var registration = (IpcRegistration)services.Single(d => d.ServiceType == typeof(IpcRegistration)).ImplementationInstance!;
        ServiceProvider provider = services.BuildServiceProvider();
        Peer supervisor = provider.GetRequiredService<Peer>();
        var options = new SupervisorTransportOptions { Limits = TransportOptions.LimitsOf((IpcOptions)supervisor.Options), UseSharedMemory = !overPipe, Clients = clients };
        var transport = SupervisorTransport.Start(options, supervisor.Registry.Actions, supervisor, new IgnoringEvents(), NullLoggerFactory.Instance);
        supervisor.Attach(transport);
        var cluster = new RingCluster(registration, provider, transport);
        for (int i = 0; i < workers; i++)
        {
            transport.AddSlot("worker", i);
        }

        transport.AcceptClients();
        for (int i = 0; i < workers; i++)
        {
            await cluster.AddAsync(PeerId.Worker("worker", i, 1));
        }

        return cluster;
    }

    /// <summary>How often the reading of a worker was handed over.</summary>
    public long HandOvers(int worker) => _workers[worker].Transport.HandOvers;

    /// <summary>Ends a worker as a crash does: it says nothing, and has no successor.</summary>
    public async Task CrashAsync(int worker)
    {
        await _workers[worker].Transport.DisposeAsync();
        _transport.WorkerExited(_workers[worker].Transport.Self, keepInbox: true);
    }

    /// <summary>Ends the supervisor's end, as its death does.</summary>
    public ValueTask DisposeTransportAsync() => _transport.DisposeAsync();

    public IServiceProvider Worker(int worker) => _workers[worker].Services;

    public async ValueTask DisposeAsync()
    {
        Gates.Release.TrySetResult();
        foreach ((ServiceProvider services, WorkerTransport transport) in _workers)
        {
            await services.DisposeAsync();
            await transport.DisposeAsync();
        }

        await _services.DisposeAsync();
        await _transport.DisposeAsync();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_lanes")]
    private static extern ref LaneTable LanesOf(SupervisorTransport transport);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_rings")]
    private static extern ref RingReaderLoop? RingsOf(LaneTable lanes);

    private async Task AddAsync(PeerId id)
    {
        IServiceCollection copy = _registration.CopyFor(new InProcessWorker(id, null!, WaitsForReady: false));
        copy.AddSingleton(Recorder).AddSingleton(Gates);
        ServiceProvider services = copy.BuildServiceProvider();
        Peer peer = services.GetRequiredService<Peer>();
        WorkerTicket ticket = _transport.ExpectWorker(id);
        _transport.SetProcessId(id, Environment.ProcessId);
        WorkerTransport transport = await WorkerTransport.ConnectAsync(
            new WorkerTransportOptions { Endpoint = ticket.Endpoint, Secret = ticket.Secret, Self = id, Limits = TransportOptions.LimitsOf((IpcOptions)peer.Options) },
            peer.Registry.Actions,
            peer,
            new IgnoringEvents(),
            NullLoggerFactory.Instance,
            CancellationToken.None);
        peer.Attach(transport);
        await transport.ReportReadyAsync(CancellationToken.None);
        _workers.Add((services, transport));
    }
}
