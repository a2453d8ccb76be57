using Ipc.Processes;
using Microsoft.Extensions.Hosting;

namespace Ipc.Supervision;

/// <summary>A group as it is to run.</summary>
/// <param name="Name">The group's name.</param>
/// <param name="Count">How many workers.</param>
/// <param name="Options">Its options.</param>
internal sealed record GroupPlan(string Name, int Count, IpcGroupOptions Options)
{
    private const int MaxCountInDevelopment = 4;

    /// <summary>Where its options are, for messages.</summary>
    public string Option => OptionOf(Name);

    /// <summary>Why a worker may not be ready, as a sentence's part.</summary>
    public string NotReadyBecause => Options.WaitForReady
        ? $"not all of its hosted services have started, or its code has not called IWorkerReadiness.SetReady(), for which {Option}:WaitForReady makes it wait"
        : "not all of its hosted services have started";

    /// <summary>Where the options of a group are.</summary>
    public static string OptionOf(string group) => string.Equals(group, Target.DefaultGroup, StringComparison.Ordinal) ? "Ipc:Workers" : $"Ipc:Groups:{group}";

    /// <summary>The user that its workers run as, when that is another one than the supervisor's.</summary>
    public UnixUser? OtherUser =>
        Options.User is { Length: > 0 } name && OperatingSystem.IsLinux() && UnixUser.Find(name) is { } user && user.Id != UnixUser.CurrentId ? user : null;

    /// <summary>Whether there is a group of the default name.</summary>
    public static bool HasDefaultGroup(IpcOptions options) => options.Workers.Count is not null || options.Groups.Count == 0;

    /// <summary>The groups that the options ask for.</summary>
    public static IReadOnlyList<GroupPlan> From(IpcOptions options, IHostEnvironment? environment)
    {
        // The runtime's number respects a cgroup's CPU limit.
        int cores = Environment.ProcessorCount;
        int defaultCount = environment?.IsDevelopment() == true ? Math.Min(cores, MaxCountInDevelopment) : cores;
        var groups = new List<GroupPlan>();
        if (HasDefaultGroup(options))
        {
            groups.Add(new GroupPlan(Target.DefaultGroup, options.Workers.Count ?? defaultCount, options.Workers));
        }

        groups.AddRange(options.Groups.OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new GroupPlan(g.Key, g.Value.Count ?? defaultCount, g.Value)));
        return groups;
    }
}
