using System.Runtime.InteropServices;

namespace Ipc.Processes;

/// <summary>Asks a process to end, where the system has a way to ask.</summary>
internal static partial class UnixSignal
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM on Unix; nothing happens elsewhere. The caller has just seen that the process runs: its number is its own.</summary>
    public static void Terminate(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(processId, SigTerm);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
