using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>Linux: the parent-death signal ends a worker, its process group takes along what it has started.</summary>
/// <remarks>
/// PR_SET_PDEATHSIG belongs to the thread that sets it and fires when the parent's starting thread ends: both live as long as their process. The getppid check closes the
/// moment before it was set; the pidfd covers a worker that something else started on the supervisor's behalf.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed partial class LinuxLifeline : ILifeline
{
    private const int PrSetPdeathsig = 1;
    private const int SigKill = 9;
    private const short PollIn = 1;
    private const int SysPidfdOpen = 434;
    private const int Eintr = 4;

    public IDisposable Tie(Process process) => new ProcessGroup(process.Id);

    public void Hold(int supervisorProcessId)
    {
        using var armed = new ManualResetEventSlim();
        new Thread(() => Watch(supervisorProcessId, armed)) { IsBackground = true, Name = "ipc parent watch" }.Start();
        armed.Wait();
    }

    public void Die() => UnixSignal.KillOwnGroup();

    private void Watch(int supervisorProcessId, ManualResetEventSlim armed)
    {
        // A group of its own: Ctrl+C in the terminal reaches the supervisor only, and Die takes grandchildren along.
        _ = SetPgid(0, 0);
        _ = Prctl(PrSetPdeathsig, SigKill, 0, 0, 0);
        if (GetPpid() != supervisorProcessId)
        {
            Die();
        }

        armed.Set();
        int descriptor = (int)Syscall(SysPidfdOpen, supervisorProcessId, 0);
        if (descriptor < 0)
        {
            // Too old a kernel, or the supervisor has ended this instant: PDEATHSIG stands, as long as this thread lives.
            Thread.Sleep(Timeout.Infinite);
        }

        var poll = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        while (Poll(ref poll, 1, -1) < 0 && Marshal.GetLastPInvokeError() == Eintr)
        {
        }

        Die();
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc", EntryPoint = "getppid")]
    private static partial int GetPpid();

    [LibraryImport("libc", EntryPoint = "setpgid", SetLastError = true)]
    private static partial int SetPgid(int processId, int group);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint argument1, nint argument2);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
