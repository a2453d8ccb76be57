using System.Globalization;
using System.Runtime.InteropServices;

namespace Ipc.Chaos;

/// <summary>Signals and what /proc says.</summary>
internal static partial class Linux
{
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    public static void Signal(int processId, int signal) => _ = KillProcess(processId, signal);

    /// <summary>Whether a process runs; zombies do not.</summary>
    public static bool IsAlive(int processId)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{processId}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is not ('Z' or 'X');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The living processes whose environment, as they were started with it, has a variable of this value.</summary>
    public static List<int> WithEnvironment(string variable)
    {
        var found = new List<int>();
        foreach (string folder in Directory.GetDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int processId))
            {
                continue;
            }

            try
            {
                if (File.ReadAllText($"{folder}/environ").Split('\0').Contains(variable, StringComparer.Ordinal) && IsAlive(processId))
                {
                    found.Add(processId);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // another user's process, or gone this instant
            }
        }

        return found;
    }

    /// <summary>How many shared memory segments a process has open.</summary>
    public static int CountSegments(int processId)
    {
        int count = 0;
        foreach (string file in Directory.GetFileSystemEntries($"/proc/{processId}/fd"))
        {
            try
            {
                count += new FileInfo(file).LinkTarget?.StartsWith("/memfd:", StringComparison.Ordinal) == true ? 1 : 0;
            }
            catch (IOException)
            {
                continue; // closed this instant
            }
        }

        return count;
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int KillProcess(int processId, int signal);
}
