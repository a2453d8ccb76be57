using System.Globalization;

namespace Ipc.Benchmarks.Api;

/// <summary>The CPU time of each thread of a process, as the kernel counts it in nanoseconds; /proc/pid/stat counts in steps of 10 ms.</summary>
internal sealed class ThreadTimes
{
    private readonly int _processId;
    private readonly Dictionary<string, long> _nanoseconds;

    private ThreadTimes(int processId, Dictionary<string, long> nanoseconds)
    {
        _processId = processId;
        _nanoseconds = nanoseconds;
    }

    /// <summary>Reads them.</summary>
    public static ThreadTimes Of(int processId) => new(processId, Read(processId));

    /// <summary>What the process has used since they were read. What a thread used that has ended meanwhile is not seen.</summary>
    public double MicrosecondsSince() => Read(_processId).Sum(thread => thread.Value - _nanoseconds.GetValueOrDefault(thread.Key)) / 1000.0;

    private static Dictionary<string, long> Read(int processId)
    {
        var times = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string thread in Directory.EnumerateDirectories(FormattableString.Invariant($"/proc/{processId}/task")))
        {
            string file = Path.Combine(thread, "schedstat");
            if (File.Exists(file))
            {
                string text = File.ReadAllText(file);
                times[thread] = long.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
            }
        }

        return times;
    }
}
