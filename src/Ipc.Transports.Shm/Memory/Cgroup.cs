namespace Ipc.Transports.Memory;

/// <summary>The control groups that this process is in: what one of them allows bounds it, and so does what those above it allow.</summary>
/// <param name="membership">The list of the process's groups, such as <c>/proc/self/cgroup</c>.</param>
/// <param name="root">Where they are mounted, such as <c>/sys/fs/cgroup</c>.</param>
internal sealed class Cgroup(string membership, string root)
{
    /// <summary>This process's, where Linux puts them.</summary>
    public static Cgroup Current { get; } = new("/proc/self/cgroup", "/sys/fs/cgroup");

    /// <summary>The folders of the group of version 2 and of those above it, innermost first. A container may see fewer of them, so a folder need not exist.</summary>
    /// <exception cref="IOException">There are no groups to be seen.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be seen.</exception>
    public IEnumerable<string> Folders() => Climb(Find("0::/"), root);

    /// <summary>The same for a controller that is mounted as version 1; nothing when it is not.</summary>
    /// <param name="controller">Its name.</param>
    /// <exception cref="IOException">There are no groups to be seen.</exception>
    /// <exception cref="UnauthorizedAccessException">They may not be seen.</exception>
    public IEnumerable<string> Folders(string controller) => Climb(Find($":{controller}:/"), Path.Join(root, controller));

    // "0::/a/b" or "4:memory:/a/b"
    private string? Find(string mark)
    {
        string? line = File.ReadLines(membership).FirstOrDefault(line => line.Contains(mark, StringComparison.Ordinal));
        return line?[(line.IndexOf(mark, StringComparison.Ordinal) + mark.Length - 1)..];
    }

    private static IEnumerable<string> Climb(string? path, string top)
    {
        for (; path is not null; path = path is "/" ? null : Path.GetDirectoryName(path))
        {
            yield return Path.Join(top, path);
        }
    }
}
