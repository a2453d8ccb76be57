using System.Globalization;

namespace Ipc.Transports.Memory;

/// <summary>
/// What the memory cgroup leaves: shared memory is charged to it in full when it is made, and where it does not fit, the kernel kills a process of the group instead of refusing.
/// </summary>
/// <param name="cgroup">Where to look.</param>
internal sealed class MemoryCgroup(Cgroup cgroup)
{
    /// <summary>What stays for everything else that the group's processes do meanwhile: a sixteenth of its limit, at most this much.</summary>
    private const long LargestMargin = 64 << 20;

    private static readonly (string Limit, string Usage, string Cache) s_version1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file ");
    private static readonly (string Limit, string Usage, string Cache) s_version2 = ("memory.max", "memory.current", "inactive_file ");

    /// <summary>This process's.</summary>
    public static MemoryCgroup Current { get; } = new(Cgroup.Current);

    /// <summary>Why so much memory is not to be taken now: a part of a sentence; <see langword="null"/> when it fits, or no limit is known.</summary>
    /// <param name="bytes">How much.</param>
    public string? WhyNot(long bytes)
    {
        try
        {
            return cgroup.Folders("memory").Select(folder => WhyNot(folder, s_version1, bytes)).FirstOrDefault(static why => why is not null)
                ?? cgroup.Folders().Select(folder => WhyNot(folder, s_version2, bytes)).FirstOrDefault(static why => why is not null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // no cgroups to be seen: no limit known
        }
    }

    private static string? WhyNot(string folder, (string Limit, string Usage, string Cache) files, long bytes)
    {
        if (Read(Path.Join(folder, files.Limit)) is not { } limit || Read(Path.Join(folder, files.Usage)) is not { } usage)
        {
            return null;
        }

        long needed = bytes + Math.Min(limit / 16, LargestMargin);

        // Looked at only when it matters, since the kernel has to sum it up: files that nobody has read lately give way.
        if (limit - usage >= needed || limit - usage + ReadCache(Path.Join(folder, "memory.stat"), files.Cache) >= needed)
        {
            return null;
        }

        return $"of the {limit:N0} bytes that {Path.Join(folder, files.Limit)} allows, {usage:N0} are in use";
    }

    // "max" is no limit
    private static long? Read(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static long ReadCache(string file, string name)
    {
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) : null;
        return line is not null && long.TryParse(line.AsSpan(name.Length), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : 0;
    }
}
