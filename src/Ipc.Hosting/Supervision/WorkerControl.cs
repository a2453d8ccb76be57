using Ipc.Messaging;
using Ipc.Options;

namespace Ipc.Supervision;

/// <summary>Changes workers: in the supervisor at its groups, elsewhere by asking it.</summary>
internal sealed class WorkerControl(Peer peer) : IWorkerControl
{
    private static readonly RequestOptions Unlimited = new() { Timeout = Timeout.InfiniteTimeSpan };

    private volatile IReadOnlyList<WorkerGroup>? _groups;

    /// <summary>The supervisor has its groups.</summary>
    public void Attach(IReadOnlyList<WorkerGroup> groups) => _groups = groups;

    /// <inheritdoc/>
    public Task<ReloadResult> ReloadAsync(string group, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        return peer.Id.Kind == PeerKind.Supervisor
            ? Find(group).ReloadAsync(cancellationToken)
            : peer.Sender.RequestAsync<ReloadWorkers, ReloadResult>(new ReloadWorkers(group), Target.Supervisor, Unlimited, cancellationToken).AsTask();
    }

    /// <inheritdoc/>
    public Task ScaleAsync(string group, int count, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(group);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, OptionLimits.MaxCount);
        return peer.Id.Kind == PeerKind.Supervisor
            ? Find(group).ScaleAsync(count, cancellationToken)
            : peer.Sender.RequestAsync<ScaleWorkers, int>(new ScaleWorkers(group, count), Target.Supervisor, Unlimited, cancellationToken).AsTask();
    }

    private WorkerGroup Find(string name)
    {
        IReadOnlyList<WorkerGroup> groups = _groups
            ?? throw new InvalidOperationException("There are no worker processes to change: the host has not started, or the cluster runs in one process or not at all (Ipc:Mode).");
        return groups.FirstOrDefault(g => string.Equals(g.Name, name, StringComparison.Ordinal)) ?? throw new ArgumentException(
            $"There is no group \"{name}\". The groups of this cluster are: {string.Join(", ", groups.Select(g => g.Name))}.", nameof(name));
    }
}
