using System.Globalization;
using Ipc.Supervision;
using Ipc.Transports;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Ipc.Health;

/// <summary>How a cluster, or a peer of it, is.</summary>
/// <param name="Status">The verdict.</param>
/// <param name="Description">Why, in sentences.</param>
/// <param name="Data">The numbers behind it; <see langword="null"/> when there are none.</param>
internal sealed record ClusterHealth(HealthStatus Status, string Description, IReadOnlyDictionary<string, object>? Data = null)
{
    /// <summary>From this part of a ring on its sender will soon have to wait.</summary>
    public const double NearlyFull = 0.9;

    public static ClusterHealth Healthy(string description) => new(HealthStatus.Healthy, description);

    public static ClusterHealth Unhealthy(string description) => new(HealthStatus.Unhealthy, description);

    /// <summary>Judges a cluster by what its supervisor knows.</summary>
    public static ClusterHealth Judge(IReadOnlyList<WorkerState> workers, IReadOnlyList<InboxFill> inboxes)
    {
        var sentences = new List<string>();
        HealthStatus status = HealthStatus.Healthy;
        foreach (IGrouping<string, WorkerState> group in workers.GroupBy(w => w.Id.Group, StringComparer.Ordinal))
        {
            if (!group.Any(w => w.IsReady))
            {
                status = HealthStatus.Unhealthy;
                sentences.Add($"No worker of the group \"{group.Key}\" is ready.");
            }
        }

        Note("Quarantined", workers.Where(w => w.IsQuarantined).Select(w => w.Id));
        Note("Not ready", workers.Where(w => w is { IsReady: false, IsQuarantined: false }).Select(w => w.Id));
        Note("Inboxes nearly full", inboxes.Where(i => i.Fullest >= NearlyFull).Select(i => i.Worker));
        int ready = workers.Count(w => w.IsReady);
        if (sentences.Count == 0)
        {
            sentences.Add(string.Create(CultureInfo.InvariantCulture, $"All {ready} workers are ready."));
        }

        return new ClusterHealth(status, string.Join(' ', sentences), new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["workers"] = workers.Count,
            ["ready"] = ready,
            ["quarantined"] = workers.Count(w => w.IsQuarantined),
            ["restarts"] = workers.Sum(w => w.Restarts),
            ["fullest inbox"] = inboxes.Select(i => i.Fullest).DefaultIfEmpty().Max(),
        });

        void Note(string what, IEnumerable<PeerId> ids)
        {
            PeerId[] all = [.. ids];
            if (all.Length != 0)
            {
                status = status == HealthStatus.Unhealthy ? status : HealthStatus.Degraded;
                sentences.Add($"{what}: {string.Join(", ", all.Select(NameOf))}.");
            }
        }
    }

    private static string NameOf(PeerId worker) => string.Create(CultureInfo.InvariantCulture, $"{worker.Group}/{worker.WorkerId}");
}
