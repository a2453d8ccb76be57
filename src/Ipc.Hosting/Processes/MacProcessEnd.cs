using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Ipc.Processes;

/// <summary>The end of a process that need not be a child of this one, as a kernel queue of macOS tells it.</summary>
[SupportedOSPlatform("macos")]
internal sealed partial class MacProcessEnd
{
    private const short FilterProcess = -5; // EVFILT_PROC
    private const ushort Add = 0x0001; // EV_ADD
    private const uint Exit = 0x8000_0000; // NOTE_EXIT
    private const int Eintr = 4;
    private const int NoSuchProcess = 3; // ESRCH

    private readonly int _queue;

    private MacProcessEnd(int queue) => _queue = queue;

    /// <summary>Begins to watch a process; <see langword="null"/> when there is none of that number any more.</summary>
    /// <exception cref="Win32Exception">The system refuses; the message says what was tried, and the number of the error.</exception>
    public static unsafe MacProcessEnd? Of(int processId)
    {
        int queue = Kqueue();
        if (queue < 0)
        {
            throw Failed("kqueue", Marshal.GetLastPInvokeError());
        }

        var end = new MacKernelEvent { Identifier = (nuint)processId, Filter = FilterProcess, Flags = Add, FilterFlags = Exit };
        while (Kevent(queue, &end, 1, null, 0, 0) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == NoSuchProcess)
            {
                return null;
            }

            if (error != Eintr)
            {
                throw Failed($"kevent(EVFILT_PROC, {processId}, NOTE_EXIT)", error);
            }
        }

        return new MacProcessEnd(queue);
    }

    /// <summary>Returns when the process has ended.</summary>
    public unsafe void Wait()
    {
        MacKernelEvent end;
        while (Kevent(_queue, null, 0, &end, 1, 0) < 0 && Marshal.GetLastPInvokeError() == Eintr)
        {
        }
    }

    private static Win32Exception Failed(string call, int error) =>
        new(error, $"This worker cannot watch its supervisor: {call} failed with error {error} ({Marshal.GetPInvokeErrorMessage(error)}).");

    [LibraryImport("libc", EntryPoint = "kqueue", SetLastError = true)]
    private static partial int Kqueue();

    [LibraryImport("libc", EntryPoint = "kevent", SetLastError = true)]
    private static unsafe partial int Kevent(int queue, MacKernelEvent* changes, int changeCount, MacKernelEvent* events, int eventCount, nint timeout);
}
