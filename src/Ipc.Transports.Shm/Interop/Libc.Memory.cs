using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Interop;

/// <content>What shared memory needs.</content>
internal static unsafe partial class Libc
{
    public const uint MemfdCloseOnExec = 0x0001;
    public const uint MemfdAllowSealing = 0x0002;

    public const int FcntlAddSeals = 1033;
    public const int FcntlGetSeals = 1034;
    public const int SealSeal = 0x0001;
    public const int SealShrink = 0x0002;
    public const int SealGrow = 0x0004;

    public const int ProtRead = 0x1;
    public const int ProtWrite = 0x2;
    public const int MapShared = 0x01;

    public const int SeekEnd = 2;

    public const uint FutexSize32 = 2;
    public const nuint RobustListHeadSize = 24;

    public static readonly void* MapFailed = (void*)-1;

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MemfdCreate(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(SafeFileHandle descriptor, long length);

    // posix_fallocate returns the error instead of setting errno.
    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    public static partial int Allocate(SafeFileHandle descriptor, long offset, long length);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(SafeFileHandle descriptor, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(void* address, nuint length, int protection, int flags, SafeFileHandle descriptor, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    public static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "sched_yield")]
    public static partial int Yield();

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long FutexCall(long number, uint* word, int operation, uint value, Timespan* timeout, uint* word2, uint value3);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long FutexWaitAny(long number, FutexWaiter* waiters, uint count, uint flags, void* timeout, int clock);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial long SetRobustList(long number, RobustList* head, nuint length);

    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial long ThreadId(long number);

    /// <summary>The kernel's <c>struct timespec</c> on 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Timespan
    {
        public long Seconds;
        public long Nanoseconds;
    }

    /// <summary>The kernel's <c>struct futex_waitv</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct FutexWaiter
    {
        public ulong Value;
        public ulong Address;
        public uint Flags;
        public uint Reserved;
    }

    /// <summary>The kernel's <c>struct robust_list_head</c> of 64-bit Linux, and the one entry of the list behind it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct RobustList
    {
        public void* Next;
        public nint Offset;
        public void* Pending;

        public void* Only;
    }
}
