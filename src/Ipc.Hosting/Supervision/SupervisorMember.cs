using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Ipc.Health;
using Ipc.JsonLines;
using Ipc.Messaging;
using Ipc.Processes;
using Ipc.Systemd;
using Ipc.Telemetry;
using Ipc.Transports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Supervision;

/// <summary>The supervisor's part: opens the endpoint, keeps a process in every slot, and stops them all.</summary>
internal sealed class SupervisorMember(
    Peer peer, IpcOptions clusterOptions, IpcRegistration registration, IReadOnlyList<GroupPlan> groups, IServiceProvider services, SystemdService systemd, ILoggerFactory loggers, ILogger logger)
    : IClusterMember, ISupervisorEvents
{
    private const long Mebibyte = 1 << 20;

    private readonly List<WorkerGroup> _groups = [];
    private readonly ProcessLauncher _launcher = new(new WorkerOutput(loggers, services), Lifeline.OfThisSystem, logger);
    private readonly WorkerEvents _events = new(peer.Dispatcher.Events);
    private readonly OomKills _oomKills = new();
    private HangWatch? _hangs;
    private readonly TimeProvider _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
    private readonly Stopwatch _sinceStart = new();
    private EndpointClaim? _claim;
    private SupervisorTransport? _transport;
    private JsonLinesEndpoint? _scripts;
    private SecondSignal? _secondSignal;
    private ControlSignals? _controlSignals;
    private RecycleWatch? _recycling;
    private int _hasGivenUp;
    private string _stopReason = "the supervisor has stopped.";

    private IHostApplicationLifetime Lifetime => services.GetRequiredService<IHostApplicationLifetime>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        GroupCheck.ThrowIfUnusable(groups);
        if (DotnetWatch.IsRunning)
        {
            SupervisionLog.DotnetWatch(logger);
        }

        if (clusterOptions.Endpoint is { } endpoint)
        {
            // A name that was chosen is meant to be the only one. The application's name, which is the default, may be run twice.
            _claim = EndpointClaim.Take(endpoint);
        }

        DiagnosticsFiles.RemoveStale();
        foreach (Func<IServiceProvider, CancellationToken, Task> before in registration.BeforeWorkers)
        {
            await before(services, cancellationToken).ConfigureAwait(false);
        }

        _sinceStart.Start();
        ClientAccess? access = clusterOptions.Clients.Enabled ? TransportOptions.AccessOf(clusterOptions) : null;
        _scripts = access is null ? null : new JsonLinesEndpoint(new MethodTable(registration.Wirings), clusterOptions, access, loggers);
        var options = new SupervisorTransportOptions
        {
            Name = TransportOptions.NameOf(clusterOptions, services.GetService<IHostEnvironment>()),
            Limits = TransportOptions.LimitsOf(clusterOptions),
            UseSharedMemory = clusterOptions.SharedMemoryLimit > 0,
            Clients = access,
            OnText = _scripts is null ? null : _scripts.Accept,
        };
        _transport = SupervisorTransport.Start(options, peer.Registry.Actions, peer, this, loggers);
        _hangs = new HangWatch(_transport, _events, _time, logger);
        var context = new SupervisionContext(_transport, _launcher, _events, _hangs, _oomKills, systemd, clusterOptions, _time, logger, OnGivenUp, Lifetime.ApplicationStopping);
        _groups.AddRange(groups.Select(g => new WorkerGroup(g, context)));
        TellSystemd();
        _secondSignal = new SecondSignal(Hurry, Lifetime.ApplicationStopping);
        _recycling = new RecycleWatch(_groups, context);
        _controlSignals = new ControlSignals(_groups, logger, Lifetime.ApplicationStopping);
        services.GetRequiredService<WorkerControl>().Attach(_groups);
        peer.Attach(_transport);
        if (access is not null)
        {
            _transport.AcceptClients();
            SupervisionLog.ClientsMayJoin(logger, access.SocketPath);
        }

        _ = new ClusterMetrics(services.GetRequiredService<IMeterFactory>(), ReadWorkers, _transport);
        foreach (WorkerGroup group in _groups)
        {
            _ = StartGroupAsync(group);
        }
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(Slots.Select(s => s.FirstOutcome)).WaitAsync(clusterOptions.StartTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            GiveUp(StartReport.Late(groups, [.. Slots], clusterOptions.StartTimeout));
            return;
        }
        catch (OperationCanceledException) when (Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Ctrl+C or SIGTERM while the workers start: an orderly stop follows, and is no failure of the start.
            return;
        }

        foreach (WorkerGroup group in _groups)
        {
            WorkerSlot[] ready = [.. group.Slots.Where(s => !s.Quarantined.IsCompleted)];
            if (ready.Length == 0 && group.Slots.Count != 0)
            {
                continue; // the log has said why
            }

            SupervisionLog.GroupReady(
                logger,
                group.Name,
                ready.Length,
                ProcessIdList.Format(ready.Select(s => s.ProcessId)),
                _transport!.SharedMemoryRefusal is { } refusal ? $"pipes ({refusal})" : "shared memory",
                string.Create(CultureInfo.InvariantCulture, $"{_transport.SharedMemoryInUse / Mebibyte} MiB"),
                _sinceStart.ElapsedMilliseconds);
        }

        if (!Slots.Any() || Slots.Any(s => !s.Quarantined.IsCompleted))
        {
            TellSystemd();
            systemd.Ready();
            systemd.Watch(_hangs!.FindSilent);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Of the whole cluster at once, so that no worker is taken for one that could do what another refuses.
        _transport?.StopAccepting();

        // Its workers may still ask it something while they finish, so it stops after them.
        Task stopping = Task.WhenAll(_groups.Select(g => g.StopAsync(clusterOptions.StopTimeout, cancellationToken)));
        await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await peer.Dispatcher.DrainAsync(Task.CompletedTask, clusterOptions.StopTimeout, cancellationToken).ConfigureAwait(false);
        peer.Stop(_stopReason);
        if (stopping.Exception is { } failures)
        {
            throw failures; // all of them, for the host to log
        }
    }

    public ClusterHealth CheckHealth()
    {
        if (peer.Running is null || _transport is not { } transport)
        {
            return ClusterHealth.Unhealthy("The cluster does not run.");
        }

        try
        {
            return ClusterHealth.Judge([.. ReadWorkers()], transport.ReadInboxes());
        }
        catch (ObjectDisposedException)
        {
            return ClusterHealth.Unhealthy("The cluster has stopped.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _secondSignal?.Dispose();
        _hangs?.Dispose();
        _controlSignals?.Dispose();
        _recycling?.Dispose();
        _groups.ForEach(g => g.Dispose());
        _launcher.Dispose();
        if (_scripts is not null)
        {
            await _scripts.DisposeAsync().ConfigureAwait(false);
        }

        if (_transport is { } transport)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }

        _claim?.Dispose();
    }

    private IEnumerable<WorkerState> ReadWorkers()
    {
        PeerDirectory directory = _transport!.Directory;
        return Slots.Select(s => (Slot: s, Id: s.Current)).Select(s => new WorkerState(
            s.Id, s.Slot.ProcessId, directory.Find(s.Id) is { IsReady: true } row && row.Id == s.Id, s.Slot.Quarantined.IsCompleted, s.Slot.Restarts));
    }

    private void Hurry()
    {
        SupervisionLog.Hurrying(logger);
        _groups.ForEach(static g => g.Kill(WorkerRun.IsHurried));
    }

    private void TellSystemd() => systemd.Status(() =>
    {
        int ready = _transport!.Directory.Workers.Count(w => w.IsReady);
        int quarantined = Slots.Count(s => s.Quarantined.IsCompleted);
        return string.Create(
            CultureInfo.InvariantCulture, $"{ready} of {Slots.Count()} workers ready{(quarantined == 0 ? "" : $", {quarantined} quarantined")}");
    });

    private WorkerGroup? Find(PeerId worker) => _groups.Find(g => string.Equals(g.Name, worker.Group, StringComparison.Ordinal));

    private IEnumerable<WorkerSlot> Slots => _groups.SelectMany(g => g.Slots);

    /// <summary>Starts a group when each worker of those that it depends on has been ready or is quarantined. Where none is left there is nothing to depend on.</summary>
    private async Task StartGroupAsync(WorkerGroup group)
    {
        foreach (string needed in group.Plan.Options.DependsOn)
        {
            IReadOnlyList<WorkerSlot> others = _groups.Find(g => string.Equals(g.Name, needed, StringComparison.Ordinal))!.Slots;
            await Task.WhenAll(others.Select(s => s.FirstOutcome)).ConfigureAwait(false);
            if (others.Count != 0 && others.All(s => s.Quarantined.IsCompleted))
            {
                group.Abandon($"it depends on the group \"{needed}\", which has no worker left");
                return;
            }
        }

        group.Start();
    }

    /// <summary>A cluster whose workers are all quarantined does nothing any more: whoever started it is to know, and may start it anew.</summary>
    private void OnGivenUp() => Task.Run(() =>
    {
        TellSystemd();
        WorkerSlot[] slots = [.. Slots];
        if (slots.Length > 0 && slots.All(s => s.Quarantined.IsCompleted))
        {
            GiveUp(StartReport.AllQuarantined(groups, slots));
        }
    });

    /// <summary>
    /// An orderly stop with an exit code, and no exception: thrown out of a start it would leave Main unhandled, and end the process by SIGABRT with a stack trace
    /// that says nothing about the worker.
    /// </summary>
    private void GiveUp(string report)
    {
        if (Interlocked.Exchange(ref _hasGivenUp, 1) != 0)
        {
            return;
        }

        SupervisionLog.GaveUp(logger, report);
        _stopReason = report;
        Environment.ExitCode = StartReport.ExitCode;

        // A host that is still starting would fail its start; it stops as soon as it has started.
        Lifetime.ApplicationStarted.Register(Lifetime.StopApplication);
    }

    void ISupervisorEvents.OnWorkerConnected(PeerId worker) => Find(worker)?.OnConnected(worker);

    void ISupervisorEvents.OnWorkerReady(PeerId worker)
    {
        Find(worker)?.OnReady(worker);
        Task.Run(TellSystemd);
    }

    void ISupervisorEvents.OnWorkerPrepared(PeerId worker, bool isReady) => Find(worker)?.OnPrepared(worker, isReady);

    void ISupervisorEvents.OnWorkerDying(PeerId worker) => Find(worker)?.OnDying(worker);

    void ISupervisorEvents.OnWorkerDisconnected(PeerId worker) => Task.Run(TellSystemd);

    void ISupervisorEvents.OnMessagesLost(PeerId worker, PeerId sender, string? action, long count, string reason)
    {
        peer.Metrics.Lost(count, worker);
        SupervisionLog.MessagesLost(logger, count, worker, sender, action ?? "not known", reason);
        _events.OnMessagesLost(worker, action, count);
    }

    void ISupervisorEvents.OnWorkerHandledEnough(PeerId worker, long count) => _recycling?.OnHandledEnough(worker, count);

    void ISupervisorEvents.OnWorkerPulse(PeerId worker, WorkerPulse pulse) => _hangs?.OnPulse(worker, pulse);

    void ISupervisorEvents.OnWorkerSettled(PeerId worker, IReadOnlyList<ActionCount> running) => _events.OnSettled(worker, running);
}
