namespace Ipc.Hosting.Tests.Processes;

/// <summary>A memory cgroup of the kernel's own, of version 1 or 2, whichever counts memory here. Only root can make one.</summary>
internal sealed class MemoryGroup : IAsyncDisposable
{
    private const string Root = "/sys/fs/cgroup";

    private readonly string _folder;

    /// <summary>Makes it.</summary>
    /// <param name="limit">How many bytes its processes may hold together.</param>
    public MemoryGroup(long limit)
    {
        bool isFirstVersion = File.Exists($"{Root}/memory/memory.limit_in_bytes");
        _folder = Path.Combine(isFirstVersion ? $"{Root}/memory" : Root, $"ipc-tests-{Guid.NewGuid():N}");
        if (!isFirstVersion)
        {
            File.WriteAllText($"{Root}/cgroup.subtree_control", "+memory");
        }

        Directory.CreateDirectory(_folder);
        File.WriteAllText(Path.Combine(_folder, isFirstVersion ? "memory.limit_in_bytes" : "memory.max"), $"{limit}");
        string swap = Path.Combine(_folder, isFirstVersion ? "memory.memsw.limit_in_bytes" : "memory.swap.max");
        if (File.Exists(swap))
        {
            File.WriteAllText(swap, isFirstVersion ? $"{limit}" : "0");
        }
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
