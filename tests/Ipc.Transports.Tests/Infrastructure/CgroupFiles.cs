using Ipc.Transports.Memory;

namespace Ipc.Transports.Tests.Infrastructure;

/// <summary>Files that look like the memory cgroups of a process, in a folder of their own.</summary>
internal sealed class CgroupFiles : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ipc-cgroup").FullName;

    /// <param name="membership">What the process's list of its groups says.</param>
    public CgroupFiles(string membership) => Write("membership", membership);

    /// <summary>What the files say now.</summary>
    public MemoryCgroup Memory => new(new Cgroup(Path.Join(_root, "membership"), _root));

    public void Write(string file, string text)
    {
        string path = Path.Join(_root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text + "\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
