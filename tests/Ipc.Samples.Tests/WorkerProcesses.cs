using System.Globalization;
using System.Text.RegularExpressions;

namespace Ipc.Samples.Tests;

/// <summary>Finds workers in what a supervisor says, and in the list of processes.</summary>
internal static partial class WorkerProcesses
{
    /// <summary>The process ids of a start-up line such as <c>worker x4 pids 812-815, ...</c>; empty when the line is another one.</summary>
    public static IReadOnlyList<int> FromStartLine(string line)
    {
        Match match = StartLine().Match(line);
        var processes = new List<int>();
        foreach (string range in match.Groups[1].Value.Split(", ", StringSplitOptions.RemoveEmptyEntries))
        {
            int[] ends = [.. range.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            processes.AddRange(Enumerable.Range(ends[0], ends[^1] - ends[0] + 1));
        }

        return processes;
    }

    /// <summary>Waits until none of the processes exists any more.</summary>
    public static async Task WaitForEndAsync(IEnumerable<int> processes, TimeSpan deadline)
    {
        using var limit = new CancellationTokenSource(deadline);
        foreach (int process in processes)
        {
            while (Directory.Exists($"/proc/{process}"))
            {
                await Task.Delay(20, limit.Token);
            }
        }
    }

    [GeneratedRegex(@"worker x\d+ pids (\d+(?:-\d+)?(?:, \d+(?:-\d+)?)*)")]
    private static partial Regex StartLine();
}
