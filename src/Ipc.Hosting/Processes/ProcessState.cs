using System.Globalization;
using Ipc.Transports.Memory;

namespace Ipc.Processes;

/// <summary>Whether a process can run: it is neither stopped, by a signal or a debugger, nor frozen with its control group.</summary>
/// <param name="statFile">What Linux says about the process, such as <c>/proc/7/stat</c>.</param>
/// <param name="cgroup">Its control groups.</param>
internal sealed class ProcessState(string statFile, Cgroup cgroup)
{
    private readonly (string File, string Mark)[] _freezers = FindFreezers(cgroup);

    /// <summary>Of a process of this machine.</summary>
    public static ProcessState Of(int processId) => new(
        string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"),
        new Cgroup(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cgroup"), "/sys/fs/cgroup"));

    /// <summary>Whether it can run now; a process that has ended cannot.</summary>
    public bool CanRun()
    {
        try
        {
            string stat = File.ReadAllText(statFile);
            int state = stat.LastIndexOf(')') + 2; // behind the name, which may hold anything
            return state < stat.Length && stat[state] is not ('T' or 't' or 'Z' or 'X')
                && !Array.Exists(_freezers, f => File.ReadAllText(f.File).Contains(f.Mark, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Version 2 says in a group's events whether it is frozen, by itself or one above it; version 1 in a file of the freezer's own.</summary>
    private static (string File, string Mark)[] FindFreezers(Cgroup cgroup)
    {
        try
        {
            (string File, string Mark)[] files =
            [
                .. cgroup.Folders().Select(folder => (Path.Join(folder, "cgroup.events"), "frozen 1")).Where(f => File.Exists(f.Item1)).Take(1),
                .. cgroup.Folders("freezer").Select(folder => (Path.Join(folder, "freezer.state"), "FROZEN")).Where(f => File.Exists(f.Item1)).Take(1),
            ];
            return files;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // no groups to be seen
        }
    }
}
