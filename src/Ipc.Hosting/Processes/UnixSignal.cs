using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>The signals that end processes.</summary>
internal static partial class UnixSignal
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int NoSuchProcess = 3; // ESRCH, on Linux and macOS

    /// <summary>Ends this process and its process group at once.</summary>
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    public static void KillOwnGroup() => _ = Kill(0, SigKill);

    /// <summary>Sends SIGTERM on Unix; nothing happens elsewhere. The caller has just seen that the process runs: its number is its own.</summary>
    public static void Terminate(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = Kill(processId, SigTerm);
        }
    }

    /// <summary>Ends what a worker that has ended leaves in its process group: programs that it started, and what those started.</summary>
    /// <remarks>The kernel gives the number to nobody else while the group has members, so where a process has it now there is nothing left.</remarks>
    [SupportedOSPlatform("linux")]
    [SupportedOSPlatform("macos")]
    public static void KillGroupOf(int endedProcessId)
    {
        if (Kill(endedProcessId, 0) != 0 && Marshal.GetLastPInvokeError() == NoSuchProcess)
        {
            _ = Kill(-endedProcessId, SigKill);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int processId, int signal);
}
