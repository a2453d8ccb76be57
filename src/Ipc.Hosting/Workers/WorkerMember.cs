using Ipc.Health;
using Ipc.Dispatch;
using Ipc.Messaging;
using Ipc.Processes;
using Ipc.Transports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ipc.Workers;

/// <summary>A worker process's part: connects to its supervisor, says when it is ready, and stops when told to.</summary>
internal sealed class WorkerMember(
    Peer peer, IpcOptions options, IpcProcess self, WorkerIdentity identity, TerminationSignal termination, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    : IClusterMember, IWorkerEvents
{
    /// <summary>How long a worker that was sent SIGTERM goes on as before, unless its supervisor asks it to stop.</summary>
    private static readonly TimeSpan GroupStopTime = TimeSpan.FromSeconds(3);

    private readonly PulseSource _pulse = new(peer.Dispatcher.Calls);
    private readonly Lock _gate = new();
    private WorkerTransport? _transport;
    private bool _isReleased;
    private readonly TaskCompletionSource _inboxRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _stopTimeoutTicks = options.StopTimeout.Ticks;
    private volatile bool _readsOn;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        termination.RegisterAgain();
        IpcGroupOptions? group = string.Equals(identity.Self.Group, Target.DefaultGroup, StringComparison.Ordinal)
            ? options.Workers
            : options.Groups.TryGetValue(identity.Self.Group, out IpcGroupOptions? named) ? named : null; // the worker's own program may not know it
        if (group is not null && HandledCount.LimitOf(group.Recycle, Random.Shared) is { } limit)
        {
            peer.Dispatcher.Handled = new HandledCount(limit, count => _transport?.ReportHandledEnough(count));
        }

        var transportOptions = new WorkerTransportOptions
        {
            Endpoint = identity.Endpoint,
            Secret = identity.Secret,
            Self = identity.Self,
            Limits = TransportOptions.LimitsOf(options),
        };
        WorkerTransport transport = await WorkerTransport.ConnectAsync(transportOptions, peer.Registry.Actions, peer, this, loggers, cancellationToken).ConfigureAwait(false);
        bool isHeld;
        lock (_gate)
        {
            _transport = transport;
            isHeld = transport.IsHeld && !_isReleased;
            if (isHeld)
            {
                peer.Hold(transport.RequestId); // OnReleased attaches
            }
        }

        if (isHeld)
        {
            await Rehearsal.RunAsync(peer.Registry, transportOptions.Limits, options.SharedMemoryLimit > 0, loggers, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            peer.Attach(transport);
        }

        peer.Dispatcher.Events.Raise(WorkerStarted.EventName, new WorkerStarted(peer.Id, Environment.ProcessId));
    }

    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await _transport!.ReportReadyAsync(cancellationToken).ConfigureAwait(false);
        peer.Dispatcher.Events.Raise(WorkerReady.EventName, new WorkerReady(peer.Id, Environment.ProcessId));
    }

    // Running listeners finish while what they use, the other hosted services, is still there.
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (termination.WasSent)
        {
            // Whoever sends it to all processes at once stops the supervisor too, which asks for the inbox to be read to the end.
            await _stopRequested.Task.WaitAsync(GroupStopTime, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        var timeout = TimeSpan.FromTicks(Volatile.Read(ref _stopTimeoutTicks));
        peer.Dispatcher.Events.Raise(WorkerStopping.EventName, new WorkerStopping(peer.Id, Environment.ProcessId, timeout));
        Task inboxRead = _readsOn ? _inboxRead.Task : Task.CompletedTask;
        await peer.Dispatcher.DrainAsync(inboxRead, timeout, cancellationToken).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        peer.Stop($"{peer.Id} has stopped.");
        return Task.CompletedTask;
    }

    public ClusterHealth CheckHealth() => peer.CheckOwnHealth();

    public async ValueTask DisposeAsync()
    {
        if (_transport is { } transport)
        {
            await transport.DisposeAsync().ConfigureAwait(false);
        }
    }

    void IWorkerEvents.OnIdGiven(PeerId id)
    {
        self.Rename(id);
        peer.Rename(id);
    }

    void IWorkerEvents.OnReleased()
    {
        lock (_gate)
        {
            _isReleased = true;
            if (_transport is null)
            {
                return; // the start, which has not come back yet, attaches
            }
        }

        peer.Attach(_transport);
    }

    void IWorkerEvents.OnStopRequested(TimeSpan deadline, bool readsOn)
    {
        if (!readsOn)
        {
            _inboxRead.TrySetResult();
        }

        _readsOn |= readsOn;
        Volatile.Write(ref _stopTimeoutTicks, Math.Min(deadline.Ticks, options.StopTimeout.Ticks));

        _stopRequested.TrySetResult();

        // Its callbacks are the user's code and may take long; this is the thread that everybody's control messages come on.
        // A host that is still starting would fail its start; it stops as soon as it has started.
        ThreadPool.UnsafeQueueUserWorkItem(
            static lifetime => lifetime.ApplicationStarted.Register(lifetime.StopApplication), lifetime, preferLocal: false);
    }

    WorkerPulse IWorkerEvents.OnPing(uint number) => _pulse.Answer(number);

    void IWorkerEvents.OnSupervisorGone() => Lifeline.OfThisSystem.Die();
}
