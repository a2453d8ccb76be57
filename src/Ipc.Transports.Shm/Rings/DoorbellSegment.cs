using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// The doorbell of one process: one for all the rings that it reads, and for room in those that it writes. Made by the supervisor for each incarnation; its owner and
/// everybody who shares a ring with it get the descriptor.
/// </summary>
/// <remarks>
/// <code>
/// page 0, written by the owner only; an honest ringer cannot silence it, however it stops
///   0    parked u64          who rings for an inbox frame or for room looks here
///   128  parked-answers u64  who rings for an answer looks here; 0 while a caller polls for its own answer, or nobody waits for one
///   256  life u32            the supervisor sees here when the owner dies, see DeathMark
/// page 1, written by everybody
///   0    bell u32            the reader sleeps on it
///   128  standby bell u32    the standby sleeps on it
/// </code>
/// <c>parked</c> is 0 while the owner looks by itself; else a number that is new each time: bit 0 says which bell, the rest counts. Who rings: publish; full fence;
/// e = parked; if e is not 0 and not the last e rung: bell++, wake. The ringer never clears anything, so one that is stopped or killed half-way delays nobody else.
/// The owner: s = bell; parked = e; full fence; look at everything once more; sleep while bell is s; parked = 0.
/// </remarks>
internal sealed unsafe class DoorbellSegment : IDisposable
{
    private const int ParkedOffset = 0;
    private const int ParkedAnswersOffset = 128;
    private const int LifeOffset = 256;
    private const int BellOffset = 0;
    private const int StandbyBellOffset = 128;

    private readonly SharedSegment _segment;
    private readonly MappedMemory _mapping;
    private readonly byte* _base;

    private DoorbellSegment(SharedSegment segment, bool isOwner)
    {
        _segment = segment;
        int page = RingLayout.PageSize;
        _mapping = isOwner ? MappedMemory.Map(segment, 0..(2 * page)) : MappedMemory.Map(segment, page..(2 * page));
        _base = _mapping.Address;
    }

    /// <summary>Size of the segment.</summary>
    public static int SegmentLength => 2 * RingLayout.PageSize;

    /// <summary>What is handed to other processes, with <see cref="SegmentLength"/>.</summary>
    public SafeFileHandle Descriptor => _segment.Descriptor;

    /// <summary>What ringers for inbox frames and for room look at.</summary>
    internal ulong* Parked => (ulong*)(_base + ParkedOffset);

    /// <summary>What ringers for answers look at.</summary>
    internal ulong* ParkedAnswers => (ulong*)(_base + ParkedAnswersOffset);

    /// <summary>What the owner's control thread holds as long as it lives.</summary>
    internal uint* Life => (uint*)(_base + LifeOffset);

    /// <summary>What the reader sleeps on.</summary>
    internal uint* Bell => (uint*)(_base + RingLayout.PageSize + BellOffset);

    /// <summary>What the standby sleeps on.</summary>
    internal uint* StandbyBell => (uint*)(_base + RingLayout.PageSize + StandbyBellOffset);

    /// <summary>Makes a doorbell. For the supervisor, once per incarnation.</summary>
    /// <param name="isOwner">Whether it is this process's own.</param>
    /// <exception cref="SharedMemoryException">There is no shared memory to be had.</exception>
    public static DoorbellSegment Create(bool isOwner = false)
    {
        SharedSegment segment = SharedSegment.Create("ipc-doorbell", SegmentLength);
        try
        {
            return new DoorbellSegment(segment, isOwner);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Opens a doorbell that came from the supervisor.</summary>
    /// <param name="descriptor">From now on owned by this object.</param>
    /// <param name="isOwner">Whether it is this process's own.</param>
    /// <exception cref="SharedMemoryException">It is not what was agreed.</exception>
    public static DoorbellSegment Open(SafeFileHandle descriptor, bool isOwner)
    {
        SharedSegment segment = SharedSegment.Open(descriptor, SegmentLength);
        try
        {
            return new DoorbellSegment(segment, isOwner);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Wakes the owner whatever it does: reader and standby look at everything once. Nothing happens when it was disposed and has no user left: then the mapping is gone, and with it
    /// everybody here who could be waiting for that.
    /// </summary>
    public void Ring()
    {
        bool added = false;
        try
        {
            _mapping.DangerousAddRef(ref added);
            Ring(Bell);
            Ring(StandbyBell);
        }
        catch (ObjectDisposedException) when (!added) // not before the last user has gone: until then the handle takes more
        {
            return;
        }
        finally
        {
            if (added)
            {
                _mapping.DangerousRelease();
            }
        }
    }

    /// <summary>Rings if the owner sleeps and has not been rung by this ringer since it lay down. The caller has published and fenced.</summary>
    /// <param name="parked"><see cref="Parked"/> or <see cref="ParkedAnswers"/>.</param>
    /// <param name="lastRung">The ringer's own memory.</param>
    internal void RingIfParked(ulong* parked, ref ulong lastRung)
    {
        // Pairs with the owner's store before its full fence and second look: either we see the episode, or it sees what we have published.
        ulong episode = Volatile.Read(ref *parked);
        if (episode != 0 && episode != lastRung)
        {
            lastRung = episode;
            Ring((episode & 1) == 0 ? Bell : StandbyBell);
        }
    }

    /// <summary>Wakes who sleeps on a bell.</summary>
    internal static void Ring(uint* bell)
    {
        Interlocked.Increment(ref *bell);
        Futex.Wake(bell, 1);
    }

    /// <summary>Keeps the mapping for one more user, also when this object is disposed meanwhile.</summary>
    internal void AddUser()
    {
        bool added = false;
        _mapping.DangerousAddRef(ref added);
    }

    /// <summary>Ends an <see cref="AddUser"/>.</summary>
    internal void RemoveUser() => _mapping.DangerousRelease();

    /// <summary>Closes the descriptor only; the mapping goes when nothing refers to this object any more.</summary>
    internal void CloseDescriptor() => _segment.Dispose();

    /// <summary>Closes it; the mapping goes with its last user.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        _segment.Dispose();
    }
}
