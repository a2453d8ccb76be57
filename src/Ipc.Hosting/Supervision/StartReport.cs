using System.Globalization;
using System.Text;

namespace Ipc.Supervision;

/// <summary>Says in one paragraph why a cluster did not start, or does not go on, and what to do.</summary>
internal static class StartReport
{
    /// <summary>What its process ends with.</summary>
    public const int ExitCode = 1;

    /// <summary>Some were not ready in time.</summary>
    public static string Late(IReadOnlyList<GroupPlan> groups, IReadOnlyList<WorkerSlot> slots, TimeSpan timeout) => Write(
        string.Create(CultureInfo.InvariantCulture, $"The cluster did not start within {timeout} (Ipc:StartTimeout)."),
        groups,
        [.. slots.Where(s => !s.FirstReady.IsCompleted)],
        static (late, count) => string.Create(CultureInfo.InvariantCulture, $"{late} of {count} workers {(late == 1 ? "is" : "are")} not ready"),
        "Mend what ends or holds them, or raise Ipc:StartTimeout if they only need more time.");

    /// <summary>All have ended too often.</summary>
    public static string AllQuarantined(IReadOnlyList<GroupPlan> groups, IReadOnlyList<WorkerSlot> slots) => Write(
        "The cluster has no worker left: each has ended more often than its Restart options allow.",
        groups,
        slots,
        static (_, count) => string.Create(CultureInfo.InvariantCulture, $"{count} of {count} workers are not started any more"),
        "Mend what ends them.");

    private static string Write(string what, IReadOnlyList<GroupPlan> groups, IReadOnlyList<WorkerSlot> slots, Func<int, int, string> which, string advice)
    {
        var text = new StringBuilder(what);
        foreach (GroupPlan group in groups)
        {
            WorkerSlot[] ofGroup = [.. slots.Where(s => string.Equals(s.Current.Group, group.Name, StringComparison.Ordinal))];
            if (ofGroup.Length > 0)
            {
                // One tells enough: workers of a group run the same program.
                text.Append(CultureInfo.InvariantCulture, $" Of the group \"{group.Name}\", {which(ofGroup.Length, group.Count)}. {ofGroup[0].DescribeStart()}");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $" What workers print is above. {advice} This process ends with exit code {ExitCode}.").ToString();
    }
}
