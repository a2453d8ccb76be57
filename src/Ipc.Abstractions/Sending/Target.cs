using System.Diagnostics.CodeAnalysis;

namespace Ipc;

/// <summary>Who gets a message. <c>default</c> means <see cref="All"/> for <c>SendAsync</c> and <see cref="Any()"/> for <c>RequestAsync</c>.</summary>
/// <remarks>A value without resources; resolved anew at every send.</remarks>
public readonly struct Target : IEquatable<Target>
{
    /// <summary>The group that is meant when a target names none.</summary>
    public const string DefaultGroup = "worker";

    private readonly string? _group;
    private readonly int[]? _workerIds;
    private readonly int _workerId;

    private Target(TargetKind kind, string? group = null, int[]? workerIds = null, int workerId = 0, PeerId peer = default)
    {
        Kind = kind;
        _group = group;
        _workerIds = workerIds;
        _workerId = workerId;
        PeerId = peer;
    }

    /// <summary>Every worker of every group, the sender too if it is one.</summary>
    public static Target All => new(TargetKind.All);

    /// <summary>Every worker of every group but the sender.</summary>
    public static Target Others => new(TargetKind.Others);

    /// <summary>The supervisor.</summary>
    public static Target Supervisor => new(TargetKind.Supervisor);

    /// <summary>Which of the ways this is.</summary>
    public TargetKind Kind { get; }

    /// <summary>The group, where one was named or implied, or the clients' name; else <see langword="null"/>.</summary>
    public string? GroupName => _group;

    /// <summary>The named worker ids; empty unless <see cref="Kind"/> is <see cref="TargetKind.Workers"/>.</summary>
    [UnscopedRef]
    public ReadOnlySpan<int> WorkerIds => _workerIds is not null
        ? _workerIds
        : Kind == TargetKind.Workers ? new ReadOnlySpan<int>(in _workerId) : [];

    /// <summary>The incarnation; meaningful only when <see cref="Kind"/> is <see cref="TargetKind.Peer"/>.</summary>
    public PeerId PeerId { get; }

    /// <summary>One worker of the group <c>worker</c>.</summary>
    /// <param name="workerId">The number inside the group, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workerId"/> is negative.</exception>
    public static Target Worker(int workerId) => Worker(DefaultGroup, workerId);

    /// <summary>One worker of a group.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="workerId">The number inside the group, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="workerId"/> is negative.</exception>
    public static Target Worker(string group, int workerId)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(workerId);
        return new(TargetKind.Workers, group, workerId: workerId);
    }

    /// <summary>Several workers of the group <c>worker</c>.</summary>
    /// <param name="workerIds">Their numbers; a number that stands twice counts once.</param>
    /// <exception cref="ArgumentException">No id is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative.</exception>
    public static Target Workers(params ReadOnlySpan<int> workerIds) => Workers(DefaultGroup, workerIds);

    /// <summary>Several workers of a group.</summary>
    /// <param name="group">The group's name.</param>
    /// <param name="workerIds">Their numbers; a number that stands twice counts once.</param>
    /// <exception cref="ArgumentException">No id is given.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An id is negative.</exception>
    public static Target Workers(string group, params ReadOnlySpan<int> workerIds)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        if (workerIds.IsEmpty)
        {
            throw new ArgumentException("Name at least one worker id; Target.Group(name) means all workers of a group.", nameof(workerIds));
        }

        var distinct = new List<int>(workerIds.Length);
        foreach (int id in workerIds)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(id, nameof(workerIds));
            if (!distinct.Contains(id))
            {
                distinct.Add(id);
            }
        }

        return new(TargetKind.Workers, group, distinct.ToArray());
    }

    /// <summary>Every worker of a group.</summary>
    /// <param name="name">The group's name.</param>
    public static Target Group(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(TargetKind.Group, name);
    }

    /// <summary>One worker of the group <c>worker</c>, the least loaded: of those that are ready the one with the fewest open requests of this process, equals take turns; when that group does not exist, of all groups.</summary>
    public static Target Any() => new(TargetKind.Any);

    /// <summary>One worker of a group, the least loaded.</summary>
    /// <param name="group">The group's name.</param>
    public static Target Any(string group)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        return new(TargetKind.Any, group);
    }

    /// <summary>The client of that name; where several have joined under it, the least loaded.</summary>
    /// <param name="name">The client's name.</param>
    public static Target Client(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(TargetKind.Client, name);
    }

    /// <summary>Every client that has joined.</summary>
    public static Target Clients() => new(TargetKind.Clients);

    /// <summary>Every client that has joined under a name.</summary>
    /// <param name="name">The clients' name.</param>
    public static Target Clients(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(TargetKind.Clients, name);
    }

    /// <summary>One incarnation, for example <c>context.Sender</c>: fails with <c>PeerGone</c> when it is known to have ended at the moment of sending.</summary>
    /// <remarks>What is in its inbox when it ends is handled by its successor, like everything in the inbox of a worker id.</remarks>
    /// <param name="id">The peer.</param>
    /// <exception cref="ArgumentException"><paramref name="id"/> names nobody.</exception>
    public static Target Peer(PeerId id)
    {
        if (id.Kind == PeerKind.None)
        {
            throw new ArgumentException("The peer id names nobody.", nameof(id));
        }

        return new(TargetKind.Peer, peer: id);
    }

    /// <inheritdoc/>
    public bool Equals(Target other) =>
        Kind == other.Kind && string.Equals(_group, other._group, StringComparison.Ordinal) && PeerId == other.PeerId
        && WorkerIds.SequenceEqual(other.WorkerIds);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Target other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(Kind);
        hash.Add(_group, StringComparer.Ordinal);
        hash.Add(PeerId);
        foreach (int id in WorkerIds)
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }

    /// <summary>Compares two targets.</summary>
    public static bool operator ==(Target left, Target right) => left.Equals(right);

    /// <summary>Compares two targets.</summary>
    public static bool operator !=(Target left, Target right) => !left.Equals(right);

    /// <summary>For logs and errors, for example <c>worker "web/1"</c>.</summary>
    public override string ToString() => Kind switch
    {
        TargetKind.Default => "the default target",
        TargetKind.All => "all workers",
        TargetKind.Others => "all other workers",
        TargetKind.Workers => $"worker {_group}/{string.Join($", {_group}/", WorkerIds.ToArray())}",
        TargetKind.Group => $"group \"{_group}\"",
        TargetKind.Any => _group is null ? "any worker" : $"any worker of \"{_group}\"",
        TargetKind.Supervisor => "the supervisor",
        TargetKind.Client => $"the client \"{_group}\"",
        TargetKind.Clients => _group is null ? "all clients" : $"all clients \"{_group}\"",
        _ => $"peer {PeerId}",
    };
}
