using System.Runtime.InteropServices;
using Ipc.Transports.Interop;
using Ipc.Transports.Memory;

namespace Ipc.Transports.Rings;

/// <summary>
/// A thread's hold on <see cref="DoorbellSegment.Life"/>: the kernel changes that word as soon as the thread ends, and before it frees the memory of the process. Of the exit itself it tells after that, which
/// takes tens of milliseconds where a heap is large. It is what Linux has for locks whose holder may die: set_robust_list(2).
/// </summary>
/// <remarks>The word is 0 until somebody holds it, then <c>thread id | waiters</c>; the kernel replaces the thread id by <c>owner died</c>, and wakes one waiter.</remarks>
internal sealed unsafe class DeathMark : IDisposable
{
    private const uint OwnerDied = 0x4000_0000;
    private const uint HasWaiters = 0x8000_0000;

    private static readonly (long SetRobustList, long GetThreadId) Calls = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (273, 186),
        Architecture.Arm64 or Architecture.RiscV64 or Architecture.LoongArch64 => (99, 178),
        _ => default,
    };

    private static readonly Libc.RobustList* Empty = CreateList();

    private readonly DoorbellSegment _doorbell;
    private readonly Libc.RobustList* _list;

    private DeathMark(DoorbellSegment doorbell)
    {
        _doorbell = doorbell;
        _doorbell.AddUser();
        _list = CreateList();
        _list->Next = &_list->Only;
        _list->Only = &_list->Next;
        _list->Offset = (nint)((byte*)doorbell.Life - (byte*)&_list->Only);
    }

    /// <summary>Whether the holder has ended.</summary>
    public static bool IsDead(uint life) => (life & OwnerDied) != 0;

    /// <summary>
    /// The calling thread holds the word of a doorbell until it ends. One doorbell a thread: the list that the C library keeps for its own robust mutexes, of which nobody holds one on a thread of ours, is
    /// given up.
    /// </summary>
    /// <param name="doorbell">This process's own.</param>
    /// <returns>To be disposed by the thread before it ends in a process that lives on. Nothing where the kernel has no such lists: the exit alone tells then.</returns>
    public static DeathMark? TryHold(DoorbellSegment doorbell)
    {
        if (Calls.SetRobustList == 0)
        {
            return null;
        }

        var mark = new DeathMark(doorbell);
        if (Libc.SetRobustList(Calls.SetRobustList, mark._list, Libc.RobustListHeadSize) != 0)
        {
            mark.Dispose();
            return null;
        }

        Volatile.Write(ref *doorbell.Life, (uint)Libc.ThreadId(Calls.GetThreadId) | HasWaiters);
        Futex.Wake(doorbell.Life, 1); // who waits for the end has to know what the word is until then
        return mark;
    }

    /// <summary>Lets go of the word: the thread's end is no news any more. To be called on the thread that holds it: elsewhere the kernel could still look at what is freed here.</summary>
    public void Dispose()
    {
        _ = Libc.SetRobustList(Calls.SetRobustList, Empty, Libc.RobustListHeadSize);
        NativeMemory.Free(_list);
        _doorbell.RemoveUser();
    }

    private static Libc.RobustList* CreateList()
    {
        var list = (Libc.RobustList*)NativeMemory.AllocZeroed((nuint)sizeof(Libc.RobustList));
        list->Next = &list->Next; // nothing is in it
        return list;
    }
}
