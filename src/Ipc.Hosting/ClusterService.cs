using Ipc.Clients;
using Ipc.Dispatch;
using Ipc.Health;
using Ipc.InProcess;
using Ipc.Messaging;
using Ipc.Processes;
using Ipc.Supervision;
using Ipc.Systemd;
using Ipc.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ipc;

/// <summary>Runs a peer's part in its cluster with its host: everything begins here, nothing before.</summary>
internal sealed class ClusterService(
    IpcRegistration registration, IServiceProvider services, ILoggerFactory loggers) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>What a host gets beyond <c>Ipc:StopTimeout</c>: the time to kill what has not stopped.</summary>
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(5);

    private readonly QuietLoggerFactory _loggers = new(loggers);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IClusterMember? _member;
    private SystemdService? _systemd;
    private volatile bool _isStopping;

    /// <summary>Completes when this peer has said that it is ready.</summary>
    public Task WhenReady => _ready.Task;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        IClusterMember member = CreateMember();
        Volatile.Write(ref _member, member);
        await member.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        Task said = registration.WaitsForReady ? services.GetRequiredService<WorkerReadiness>().Said : Task.CompletedTask;
        if (!said.IsCompleted)
        {
            _ = ReadyLaterAsync(said); // waiting for it here would keep the host from having started
            return;
        }

        await _member!.ReadyAsync(cancellationToken).ConfigureAwait(false);
        _ready.TrySetResult();
        if (_member is not SupervisorMember)
        {
            _systemd?.Ready(); // one with processes says it itself: its start may fail without an exception
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isStopping = true;
        _systemd?.Stopping();
        return _member?.StoppingAsync(cancellationToken) ?? Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => _member?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How this process's part is.</summary>
    public ClusterHealth CheckHealth() => Volatile.Read(ref _member)?.CheckHealth() ?? ClusterHealth.Unhealthy("The host has not started, or has stopped.");

    public async ValueTask DisposeAsync()
    {
        if (_member is { } member)
        {
            _member = null;
            await member.DisposeAsync().ConfigureAwait(false);
        }

        _systemd?.Dispose();
    }

    private async Task ReadyLaterAsync(Task said)
    {
        await said.ConfigureAwait(false);
        if (_isStopping || _member is not { } member)
        {
            return;
        }

        try
        {
            await member.ReadyAsync(CancellationToken.None).ConfigureAwait(false);
            _ready.TrySetResult();
        }
        catch (IpcException)
        {
            // The supervisor has gone, and this process goes with it.
        }
    }

    private IClusterMember CreateMember()
    {
        // Reading the value validates the options: a mistake ends the start with every message.
        if (registration.Self.Kind == PeerKind.Client)
        {
            return CreateClient(services.GetRequiredService<IOptions<IpcClientOptions>>().Value);
        }

        IpcOptions value = services.GetRequiredService<IOptions<IpcOptions>>().Value;
        AllowTimeToStop(value.StopTimeout + KillTime);
        ILogger logger = _loggers.CreateLogger("Ipc.Supervision");
        Peer peer = services.GetRequiredService<Peer>();
        if (registration.InProcessWorker is { } inProcess)
        {
            return new InProcessMember(peer, inProcess);
        }

        if (registration.Identity is { } identity)
        {
            return new WorkerMember(
                peer, value, services.GetRequiredService<IpcProcess>(), identity, registration.Termination!, services.GetRequiredService<IHostApplicationLifetime>(), _loggers);
        }

        if (registration.IsSecondHostOfWorker)
        {
            return new AbsentMember(peer, logger, "another host of this worker process is the worker; a second one would start workers of its own.");
        }

        _systemd = new SystemdService(Environment.GetEnvironmentVariable, services.GetService<TimeProvider>() ?? TimeProvider.System, logger);
        if (value.Mode == IpcMode.Off)
        {
            return new AbsentMember(peer, logger, "Ipc:Mode is Off.");
        }

        GroupCheck.ThrowIfIgnored(value); // not in workers, which may be other programs with options of their own
        IReadOnlyList<GroupPlan> groups = GroupPlan.From(value, services.GetService<IHostEnvironment>());
        GroupCheck.ThrowIfUnknown(registration.NamedGroups, groups);
        groups = GroupOrder.Sort(groups);
        if (ReasonForOneProcess(value) is { } reason)
        {
            SupervisionLog.InProcess(logger, reason);
            if (value.Clients.Enabled)
            {
                SupervisionLog.NoClientsInProcess(logger);
            }

            return new InProcessSupervisor(peer, value, registration, groups, services, logger);
        }

        WorkerMarker.ThrowIfStartedByHand(AppContext.BaseDirectory);
        return new SupervisorMember(peer, value, registration, groups, services, _systemd, _loggers, logger);
    }

    private ClientMember CreateClient(IpcClientOptions value)
    {
        AllowTimeToStop(value.StopTimeout + KillTime);
        return new ClientMember(
            services.GetRequiredService<Peer>(),
            services.GetRequiredService<IpcProcess>(),
            value,
            TransportOptions.NameOf(value, services.GetService<IHostEnvironment>()),
            registration.HostsEndpoint,
            services.GetService<TimeProvider>() ?? TimeProvider.System,
            _loggers);
    }

    /// <summary>The host reads this when it stops; setting it here and not by its options keeps mistakes in the section Ipc from failing Build.</summary>
    private void AllowTimeToStop(TimeSpan needed)
    {
        if (services.GetService<IOptions<HostOptions>>()?.Value is { } host && host.ShutdownTimeout < needed)
        {
            host.ShutdownTimeout = needed;
        }
    }

    private string? ReasonForOneProcess(IpcOptions value)
    {
        if (value.Mode == IpcMode.InProcess)
        {
            return "Ipc:Mode is InProcess.";
        }

        foreach (IpcWiringOptions wiring in registration.Wirings)
        {
            if (wiring.InProcess)
            {
                return "AddIpcWorkersInProcess was called.";
            }

            if (wiring.IsTestProject)
            {
                return $"{wiring.Table.AssemblyName} is a test project, and no worker process is started from one.";
            }
        }

        // Several calls: an executable's says what the program is.
        IpcWiringOptions caller = registration.Wirings.Find(w => w.IncludeReferences) ?? registration.Wirings[0];
        return WorkerCommand.IsOwnProgram(caller.IncludeReferences && !caller.IsExplicit ? caller.Table.AssemblyName : null)
            ? null
            : $"the program of this process, {WorkerCommand.EntryName}, only loads this one ({caller.Table.AssemblyName}), so it cannot be started again as a worker.";
    }
}
