using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>macOS, which has no parent-death signal: a worker waits in the kernel for the end of its supervisor, and its process group takes along what it has started.</summary>
/// <remarks>The end is asked for before the parent is looked at: whoever has got another parent by then has lost its supervisor before the kernel could be asked.</remarks>
[SupportedOSPlatform("macos")]
internal sealed partial class MacLifeline : ILifeline
{
    public IDisposable Tie(Process process) => new ProcessGroup(process.Id);

    public void Hold(int supervisorProcessId)
    {
        // A group of its own: Ctrl+C in the terminal reaches the supervisor only, and Die takes grandchildren along.
        _ = SetPgid(0, 0);
        MacProcessEnd? end = MacProcessEnd.Of(supervisorProcessId);
        if (end is null || GetPpid() != supervisorProcessId)
        {
            Die();
            return;
        }

        new Thread(() =>
        {
            end.Wait();
            Die();
        }) { IsBackground = true, Name = "ipc parent watch" }.Start();
    }

    public void Die() => UnixSignal.KillOwnGroup();

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetPpid();

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetPgid(int processId, int group);
}
