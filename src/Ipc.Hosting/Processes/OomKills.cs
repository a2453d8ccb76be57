using System.Globalization;
using Ipc.Transports.Memory;

namespace Ipc.Processes;

/// <summary>
/// Tells which workers the kernel has killed because memory ran out. It counts such kills for each cgroup and does not say whom it killed, so a kill that nobody of us did is taken for one while
/// the counter has one that no other worker's end has explained. Safe for use by several threads.
/// </summary>
/// <param name="cgroupOf">The control groups of a process.</param>
internal sealed class OomKills(Func<int, Cgroup> cgroupOf)
{
    /// <summary>What is said of a kill where <see cref="Find"/> has found nothing.</summary>
    public const string NotCounted = "whether because memory ran out is not known: no control group can be read that counts such kills";

    private const string Counter = "oom_kill ";

    private readonly Dictionary<string, long> _explained = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <summary>By what Linux says about processes.</summary>
    public OomKills()
        : this(static processId => new Cgroup(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cgroup"), "/sys/fs/cgroup"))
    {
    }

    /// <summary>A worker's process runs: where its end would be counted cannot be found out later.</summary>
    /// <returns>The file that counts; <see langword="null"/> where none does.</returns>
    public string? Find(int processId)
    {
        try
        {
            Cgroup cgroup = cgroupOf(processId);
            string? file = cgroup.Folders("memory").Select(folder => Path.Join(folder, "memory.oom_control"))
                .Concat(cgroup.Folders().Select(folder => Path.Join(folder, "memory.events")))
                .FirstOrDefault(file => Read(file) is not null);
            lock (_gate)
            {
                if (file is not null && Read(file) is { } count)
                {
                    _explained.TryAdd(file, count);
                }
            }

            return file;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // it has ended, or there are no cgroups to be seen
        }
    }

    /// <summary>A process was killed, and not by us.</summary>
    /// <param name="file">What <see cref="Find"/> has found for it.</param>
    /// <returns>Whether the kernel did it for want of memory.</returns>
    public bool Explain(string? file)
    {
        lock (_gate)
        {
            if (file is null || Read(file) is not { } count || count <= _explained[file])
            {
                return false;
            }

            _explained[file]++;
            return true;
        }
    }

    private static long? Read(string file)
    {
        try
        {
            string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(Counter, StringComparison.Ordinal)) : null;
            return line is not null && long.TryParse(line.AsSpan(Counter.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long count) ? count : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // the group has gone with its last process
        }
    }
}
