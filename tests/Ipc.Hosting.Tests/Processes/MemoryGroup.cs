using System.Diagnostics;

namespace Ipc.Hosting.Tests.Processes;

/// <summary>A memory cgroup of the kernel's own, of version 1 or 2, whichever counts memory here.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    private MemoryGroup(string folder) => _folder = folder;

    /// <summary>Makes one.</summary>
    /// <param name="limit">How many bytes its processes may hold together.</param>
    /// <returns>Nothing where the system does not let us: only root may, and not where the file system is mounted for reading, or another's to change.</returns>
    public static MemoryGroup? TryMake(long limit)
    {
        bool isFirstVersion = File.Exists($"{Root}/memory/memory.limit_in_bytes");
        string folder = Path.Combine(isFirstVersion ? $"{Root}/memory" : Root, $"ipc-tests-{Guid.NewGuid():N}");
        try
        {
            if (!isFirstVersion)
            {
                File.WriteAllText($"{Root}/cgroup.subtree_control", "+memory");
            }

            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, isFirstVersion ? "memory.limit_in_bytes" : "memory.max"), $"{limit}");
            string swap = Path.Combine(folder, isFirstVersion ? "memory.memsw.limit_in_bytes" : "memory.swap.max");
            if (File.Exists(swap))
            {
                File.WriteAllText(swap, isFirstVersion ? $"{limit}" : "0");
            }

            var group = new MemoryGroup(folder);
            using Process trial = Process.Start("sh", group.Enter("true"));
            trial.WaitForExit();
            if (trial.ExitCode == 0)
            {
                return group;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As the summary says.
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder);
        }

        return null;
    }

    /// <summary>The arguments of a shell that goes into it and becomes another program.</summary>
    public IEnumerable<string> Enter(params IEnumerable<string> command) => ["-c", $"echo $$ >{_folder}/cgroup.procs && exec \"$@\"", "sh", .. command];

    /// <summary>Waits until its processes have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await ClusterProcess.UntilAsync(() => File.ReadAllText(Path.Combine(_folder, "cgroup.procs")).Length == 0, "the group is empty");
        Directory.Delete(_folder);
    }
}
