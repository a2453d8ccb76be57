using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// What a worker id has taken out of its rings and not finished: one per worker id, made by the supervisor with the id, handed to each incarnation, kept when an
/// incarnation dies.
/// </summary>
internal sealed class LedgerSegment : IDisposable
{
    private readonly SharedSegment _segment;

    private LedgerSegment(SharedSegment segment) => _segment = segment;

    /// <summary>What is handed to the worker.</summary>
    public SafeFileHandle Descriptor => _segment.Descriptor;

    /// <summary>Size of the segment; announced with the descriptor.</summary>
    public int Length => _segment.Length;

    /// <summary>Makes a ledger. For the supervisor.</summary>
    /// <exception cref="SharedMemoryException">There is no shared memory to be had.</exception>
    public static LedgerSegment Create() => new(SharedSegment.Create("ipc-ledger", RingLayout.PageSize));

    /// <summary>Opens a ledger that came from the supervisor.</summary>
    /// <param name="descriptor">From now on owned by this object.</param>
    /// <param name="length">The announced size.</param>
    /// <exception cref="SharedMemoryException">It is not what was agreed.</exception>
    public static LedgerSegment Open(SafeFileHandle descriptor, int length) => new(SharedSegment.Open(descriptor, length));

    /// <summary>Unmaps and closes it.</summary>
    public void Dispose() => _segment.Dispose();
}
