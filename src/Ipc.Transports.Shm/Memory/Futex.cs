using System.Runtime.InteropServices;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Memory;

/// <summary>Sleeping on a word of shared memory until another process wakes it (futex(2), shared between processes).</summary>
internal static unsafe class Futex
{
    private const int OperationWait = 0;
    private const int OperationWake = 1;
    private const long WaitAnyCall = 449; // the same on every architecture

    private static readonly long CallNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => 98,
        _ => 0,
    };

    /// <summary>Whether this platform has the call.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && CallNumber != 0;

    /// <summary>How many words one thread can sleep on.</summary>
    public const int MostWords = 128;

    /// <summary>Sleeps while <paramref name="word"/> holds <paramref name="expected"/>, until woken. May return early: the caller looks again.</summary>
    /// <param name="word">A word of shared memory, 4-byte aligned.</param>
    /// <param name="expected">What the caller last saw there.</param>
    /// <param name="timeout">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for no limit.</param>
    public static void Wait(uint* word, uint expected, TimeSpan timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            Libc.FutexCall(CallNumber, word, OperationWait, expected, null, null, 0);
            return;
        }

        Libc.Timespan relative;
        relative.Seconds = timeout.Ticks / TimeSpan.TicksPerSecond;
        relative.Nanoseconds = timeout.Ticks % TimeSpan.TicksPerSecond * 100;
        Libc.FutexCall(CallNumber, word, OperationWait, expected, &relative, null, 0);
    }

    /// <summary>Wakes at most <paramref name="count"/> sleepers of <paramref name="word"/>.</summary>
    public static void Wake(uint* word, int count) =>
        Libc.FutexCall(CallNumber, word, OperationWake, (uint)count, null, null, 0);

    /// <summary>Sleeps while every word holds what is expected of it, until one of them is woken. May return early: the caller looks again.</summary>
    /// <param name="waiters">At most <see cref="MostWords"/>.</param>
    /// <returns>False where the kernel (before 5.16), or a filter of calls, does not have it.</returns>
    public static bool TryWaitAny(ReadOnlySpan<Libc.FutexWaiter> waiters)
    {
        fixed (Libc.FutexWaiter* first = waiters)
        {
            return Libc.FutexWaitAny(WaitAnyCall, first, (uint)waiters.Length, 0, null, 0) >= 0
                || Marshal.GetLastPInvokeError() is Libc.ErrorAgain or Libc.ErrorInterrupted or Libc.ErrorFault;
        }
    }
}
