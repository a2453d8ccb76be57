using System.Diagnostics;
using Ipc.Health;
using Ipc.Messaging;
using Ipc.Supervision;
using Ipc.Transports;
using Microsoft.Extensions.Logging;

namespace Ipc.InProcess;

/// <summary>The supervisor of a cluster that runs in one process: a service provider per worker, from the same registrations with that worker's role.</summary>
internal sealed class InProcessSupervisor(
    Peer peer, IpcOptions options, IpcRegistration registration, IReadOnlyList<GroupPlan> groups, IServiceProvider services, ILogger logger) : IClusterMember
{
    private readonly InMemoryNetwork _network = new(TransportOptions.LimitsOf(options));
    private readonly List<InProcessWorkerHost> _workers = [];
    private readonly Stopwatch _sinceStart = new();
    private Task _starting = Task.CompletedTask;
    private Transport? _transport;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (Func<IServiceProvider, CancellationToken, Task> before in registration.BeforeWorkers)
        {
            await before(services, cancellationToken).ConfigureAwait(false);
        }

        _sinceStart.Start();
        foreach (GroupPlan group in groups)
        {
            for (int id = 0; id < group.Count; id++)
            {
                _network.AddSlot(group.Name, id);
                _workers.Add(new InProcessWorkerHost(registration, new InProcessWorker(PeerId.Worker(group.Name, id, 1), _network, group.Options.WaitForReady)));
            }
        }

        _transport = _network.Join(PeerId.Supervisor, peer.Registry.Actions, peer);
        peer.Attach(_transport);

        // As processes would: at the same time, while the supervisor's own hosted services start.
        var starting = new Dictionary<string, Task>(StringComparer.Ordinal);
        foreach (GroupPlan group in groups) // each behind those that it depends on
        {
            starting[group.Name] = StartGroupAsync(group, Task.WhenAll(group.Options.DependsOn.Select(needed => starting[needed])), cancellationToken);
        }

        _starting = Task.WhenAll(starting.Values);
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _starting.WaitAsync(options.StartTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!_starting.IsCompleted)
        {
            throw new TimeoutException(FormattableString.Invariant(
                $"The cluster in this process did not start within {options.StartTimeout} (Ipc:StartTimeout): {WhoIsLate()}."));
        }

        _network.SetReady(PeerId.Supervisor);
        foreach (GroupPlan group in groups)
        {
            SupervisionLog.GroupReadyInProcess(logger, group.Name, group.Count, _sinceStart.ElapsedMilliseconds);
        }
    }

    private async Task StartGroupAsync(GroupPlan group, Task needed, CancellationToken cancellationToken)
    {
        await needed.ConfigureAwait(false);
        await Task.WhenAll(
            _workers.Where(w => string.Equals(w.Id.Group, group.Name, StringComparison.Ordinal))
                .Select(w => Task.Run(() => StartAsync(w, cancellationToken), cancellationToken))).ConfigureAwait(false);
    }

    private async Task StartAsync(InProcessWorkerHost worker, CancellationToken cancellationToken)
    {
        peer.Dispatcher.Events.Raise(WorkerStarted.EventName, new WorkerStarted(worker.Id, Environment.ProcessId));
        await worker.StartAsync(cancellationToken).ConfigureAwait(false);
        peer.Dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(worker.Id, Environment.ProcessId));
    }

    private string WhoIsLate()
    {
        InProcessWorkerHost[] late = [.. _workers.Where(w => !w.IsReady)];
        PeerId[] starting = [.. late.Where(w => !w.IsStarted).Select(w => w.Id)];
        if (starting.Length > 0)
        {
            return $"hosted services of {string.Join(", ", starting)} have not all started";
        }

        IEnumerable<string> waiting = groups.Where(g => g.Options.WaitForReady && late.Any(w => w.Id.Group == g.Name)).Select(g => $"{g.Option}:WaitForReady");
        return $"{string.Join(", ", late.Select(w => w.Id))} did not call IWorkerReadiness.SetReady() ({string.Join(", ", waiting)})";
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _network.StopAccepting();
        _workers.ForEach(w => peer.Dispatcher.Events.Raise(WorkerStopping.EventName, new WorkerStopping(w.Id, Environment.ProcessId, options.StopTimeout)));
        Task stopping = Task.WhenAll(_workers.Select(w => w.StopAsync(cancellationToken)));
        await stopping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await peer.Dispatcher.DrainAsync(Task.CompletedTask, options.StopTimeout, cancellationToken).ConfigureAwait(false);
        await _network.CloseAsync(PeerId.Supervisor, LaneKind.Answer).ConfigureAwait(false); // what the workers have answered arrives
        peer.Stop("the supervisor has stopped.");
        if (stopping.Exception is { } failures)
        {
            throw failures; // hosted services of workers: all of them, for the host to log
        }
    }

    public ClusterHealth CheckHealth() => peer.Running is { } cluster
        ? ClusterHealth.Judge(
            [.. cluster.Transport.Directory.Peers.Where(p => p.Id.Kind == PeerKind.Worker).Select(p => new WorkerState(p.Id, Environment.ProcessId, p.IsReady, p.IsGivenUp, Restarts: 0))], [])
        : ClusterHealth.Unhealthy("The cluster does not run.");

    public async ValueTask DisposeAsync()
    {
        foreach (InProcessWorkerHost worker in _workers)
        {
            try
            {
                await worker.DisposeAsync().ConfigureAwait(false);
            }
#pragma warning disable CA1031 // User code; the others are to be disposed all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                SupervisionLog.DisposalFailed(logger, worker.Id, e);
            }
        }

        if (_transport is { } transport)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }
}
