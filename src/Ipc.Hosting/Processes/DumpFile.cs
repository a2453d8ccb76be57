using System.Globalization;
using Ipc.Supervision;

namespace Ipc.Processes;

/// <summary>Where a worker's dump goes: the .NET runtime of a process that crashes writes one itself when its environment says so.</summary>
internal static class DumpFile
{
    /// <summary>The dump of one incarnation; <see langword="null"/> when its group has no folder for dumps.</summary>
    /// <param name="group">The group.</param>
    /// <param name="worker">The incarnation.</param>
    /// <param name="processId">Its process.</param>
    public static string? PathOf(GroupPlan group, PeerId worker, int processId) => group.Options.DumpFolder is { } folder
        ? Path.Combine(Path.GetFullPath(folder), NameOf(worker, processId.ToString(CultureInfo.InvariantCulture)))
        : null;

    /// <summary>Tells a worker's runtime to write a dump when the process crashes, and makes the folder.</summary>
    /// <returns>Nothing; or why nothing can be written there, as a sentence's part. Then its runtime is told nothing: a worker without dumps is better than none.</returns>
    public static string? Enable(IDictionary<string, string?> environment, GroupPlan group, PeerId worker)
    {
        if (group.Options.DumpFolder is not { } folder)
        {
            return null;
        }

        string path = Path.GetFullPath(folder);
        if (WhyUnwritable(path) is { } problem)
        {
            return problem;
        }

        environment["DOTNET_DbgEnableMiniDump"] = "1";
        environment["DOTNET_DbgMiniDumpType"] = ((int)group.Options.DumpType).ToString(CultureInfo.InvariantCulture);

        // The runtime replaces %p by the process's number and takes %% for a percent sign.
        environment["DOTNET_DbgMiniDumpName"] = Path.Combine(path.Replace("%", "%%", StringComparison.Ordinal), NameOf(worker, "%p"));
        return null;
    }

    /// <summary>Tries it: neither rights nor free space tell for certain.</summary>
    private static string? WhyUnwritable(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            string file = Path.Combine(folder, Path.GetRandomFileName());
            using var probe = new FileStream(file, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            probe.WriteByte(0);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static string NameOf(PeerId worker, string process) =>
        string.Create(CultureInfo.InvariantCulture, $"{worker.Group}-{worker.WorkerId}-{worker.Incarnation}-{process}.dmp");
}
