namespace Ipc.Transports.Rings;

/// <summary>Incarnations of a worker id that live on when another one of it has died, as at a reload: a post-mortem leaves alone what is theirs.</summary>
/// <param name="Incarnations">They change their entries in the ledger at any time.</param>
/// <param name="RingIds">The rings that they read: what an earlier incarnation left waiting of these is run by them.</param>
internal sealed record LivingReaders(IReadOnlySet<int> Incarnations, IReadOnlySet<long> RingIds)
{
    /// <summary>Nobody else lives.</summary>
    public static LivingReaders None { get; } = new(new HashSet<int>(), new HashSet<long>());
}
