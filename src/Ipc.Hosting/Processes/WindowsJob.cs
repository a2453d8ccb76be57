using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Processes;

/// <summary>A job object of Windows whose processes, and what they start, end when this only handle to it is closed.</summary>
[SupportedOSPlatform("windows")]
internal sealed partial class WindowsJob : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int ExtendedLimitInformation = 9; // JobObjectExtendedLimitInformation
    private const uint KillOnJobClose = 0x2000; // JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE

    /// <summary>For the marshaller.</summary>
    public WindowsJob()
        : base(ownsHandle: true)
    {
    }

    /// <summary>A job without a name, without processes so far.</summary>
    /// <exception cref="Win32Exception">The system refuses; the message says what was tried, and the number of the error.</exception>
    public static unsafe WindowsJob Create()
    {
        WindowsJob job = CreateJobObject(0, null);
        var limits = new WindowsJobLimits { Basic = { LimitFlags = KillOnJobClose } };
        if (job.IsInvalid)
        {
            throw Failed("CreateJobObject");
        }

        if (!SetInformationJobObject(job, ExtendedLimitInformation, &limits, (uint)sizeof(WindowsJobLimits)))
        {
            Win32Exception error = Failed("SetInformationJobObject(JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE)");
            job.Dispose();
            throw error;
        }

        return job;
    }

    /// <summary>Makes a process one of the job's; what it starts from now on is so too.</summary>
    /// <exception cref="Win32Exception">As for <see cref="Create"/>.</exception>
    public void Add(Process process)
    {
        if (!AssignProcessToJobObject(this, process.SafeHandle))
        {
            throw Failed("AssignProcessToJobObject");
        }
    }

    protected override bool ReleaseHandle() => CloseHandle(handle);

    private static Win32Exception Failed(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        return new Win32Exception(error, $"{call} failed with error {error} ({Marshal.GetPInvokeErrorMessage(error)})");
    }

    [LibraryImport("kernel32", EntryPoint = "CreateJobObjectW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    private static partial WindowsJob CreateJobObject(nint attributes, string? name);

    [LibraryImport("kernel32", EntryPoint = "SetInformationJobObject", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static unsafe partial bool SetInformationJobObject(WindowsJob job, int kind, WindowsJobLimits* limits, uint length);

    [LibraryImport("kernel32", EntryPoint = "AssignProcessToJobObject", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool AssignProcessToJobObject(WindowsJob job, SafeProcessHandle process);

    [LibraryImport("kernel32", EntryPoint = "CloseHandle", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool CloseHandle(nint handle);
}
