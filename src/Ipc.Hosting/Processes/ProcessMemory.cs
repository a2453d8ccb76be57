using System.Globalization;

namespace Ipc.Processes;

/// <summary>What a child of this process holds of the machine's memory, as the kernel says.</summary>
internal static class ProcessMemory
{
    private const int ParentField = 1; // behind the name, which may hold anything
    private const int ResidentField = 21;

    /// <summary>Bytes that are resident, shared memory included.</summary>
    /// <returns><see langword="null"/> when the process is no child of this one: it has ended, and its number may be another's; or the system has no <c>/proc</c>.</returns>
    public static long? ReadResident(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return int.Parse(fields[ParentField], CultureInfo.InvariantCulture) == Environment.ProcessId
                && long.Parse(fields[ResidentField], CultureInfo.InvariantCulture) is > 0 and var pages
                ? pages * Environment.SystemPageSize
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
