using System.Globalization;

namespace Ipc.Processes;

/// <summary>Whether any thread of a dying process can still run an instruction of its program, as Linux tells before the process has ended. Not thread-safe.</summary>
/// <param name="tasks">The folder of its threads, such as <c>/proc/7/task</c>.</param>
internal sealed class ProcessThreads(string tasks)
{
    private const int FlagsField = 6; // behind the name, which may hold anything
    private const uint Exiting = 0x4; // PF_EXITING: the kernel takes the thread apart, it never comes back from there

    private string? _last; // who could still run when it was looked at

    /// <summary>Of a process of this machine.</summary>
    public static ProcessThreads Of(int processId) => new(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task"));

    /// <summary>Whether every thread is exiting; false too where that cannot be seen.</summary>
    public bool AreAllExiting()
    {
        try
        {
            if (_last is not null && !IsExiting(_last))
            {
                return false; // as before, at the price of one file
            }

            // Twice the same ones: one that was started by a thread that has ended since is seen the second time.
            string[] first = List();
            _last = Array.Find(first, task => !IsExiting(task));
            return first.Length > 0 && _last is null && Array.TrueForAll(List(), first.Contains);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, which its exit tells
        }
    }

    private string[] List() => Directory.GetDirectories(tasks);

    private static bool IsExiting(string task)
    {
        string stat;
        try
        {
            stat = File.ReadAllText(Path.Join(task, "stat"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true; // this one has ended meanwhile; what else fails says nothing about it
        }

        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length > FlagsField && uint.TryParse(fields[FlagsField], NumberStyles.None, CultureInfo.InvariantCulture, out uint flags) && (flags & Exiting) != 0;
    }
}
