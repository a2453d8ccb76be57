using System.Globalization;
using System.Text;

namespace Ipc.Supervision;

/// <summary>Says in one paragraph why a cluster did not start and what to do.</summary>
internal static class StartReport
{
    /// <summary>What the process of a cluster that did not start ends with.</summary>
    public const int ExitCode = 1;

    public static string Write(IReadOnlyList<GroupPlan> groups, IReadOnlyList<WorkerSlot> slots, TimeSpan timeout)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"The cluster did not start within {timeout} (Ipc:StartTimeout).");
        foreach (GroupPlan group in groups)
        {
            WorkerSlot[] late = [.. slots.Where(s => !s.FirstReady.IsCompleted && string.Equals(s.Current.Group, group.Name, StringComparison.Ordinal))];
            if (late.Length > 0)
            {
                // One tells enough: workers of a group run the same program.
                text.Append(
                    CultureInfo.InvariantCulture,
                    $" Of the group \"{group.Name}\", {late.Length} of {group.Count} workers {(late.Length == 1 ? "is" : "are")} not ready. {late[0].DescribeStart()}");
            }
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $" What workers print is above. Mend what ends or holds them, or raise Ipc:StartTimeout if they only need more time. This process ends with exit code {ExitCode}.")
            .ToString();
    }
}
