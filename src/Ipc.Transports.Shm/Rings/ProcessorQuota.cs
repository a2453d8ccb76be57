using System.Globalization;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <summary>Whether waiting by looking can ever pay off: with one processor, or a quota below two, who looks keeps the other from running.</summary>
internal static class ProcessorQuota
{
    /// <summary>Whether it can.</summary>
    public static bool AllowsSpinning { get; } = Environment.ProcessorCount > 1 && ReadQuota(Cgroup.Current) >= 2;

    /// <summary>The cgroup's quota (version 2) in processors, of this group and those above it; <see cref="double.PositiveInfinity"/> without one.</summary>
    internal static double ReadQuota(Cgroup cgroup)
    {
        double quota = double.PositiveInfinity;
        try
        {
            foreach (string folder in cgroup.Folders())
            {
                quota = Math.Min(quota, ReadMax(Path.Join(folder, "cpu.max")));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return quota; // no cgroups to be seen: no quota known
        }

        return quota;
    }

    // "max 100000" or "150000 100000"
    private static double ReadMax(string file)
    {
        if (!File.Exists(file))
        {
            return double.PositiveInfinity;
        }

        string[] parts = File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries);
        return parts.Length == 2
            && double.TryParse(parts[0], CultureInfo.InvariantCulture, out double micros)
            && double.TryParse(parts[1], CultureInfo.InvariantCulture, out double period)
            && period > 0
            ? micros / period
            : double.PositiveInfinity;
    }
}
