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
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static void Enable(IDictionary<string, string?> environment, GroupPlan group, PeerId worker)
    {
        if (group.Options.DumpFolder is not { } folder)
        {
            return;
        }

        string path = Directory.CreateDirectory(Path.GetFullPath(folder)).FullName;
        environment["DOTNET_DbgEnableMiniDump"] = "1";
        environment["DOTNET_DbgMiniDumpType"] = ((int)group.Options.DumpType).ToString(CultureInfo.InvariantCulture);

        // The runtime replaces %p by the process's number and takes %% for a percent sign.
        environment["DOTNET_DbgMiniDumpName"] = Path.Combine(path.Replace("%", "%%", StringComparison.Ordinal), NameOf(worker, "%p"));
    }

    private static string NameOf(PeerId worker, string process) =>
        string.Create(CultureInfo.InvariantCulture, $"{worker.Group}-{worker.WorkerId}-{worker.Incarnation}-{process}.dmp");
}
