using Ipc.Transports.Memory;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Rings;

/// <summary>
/// One process's mapping of the memory of one large frame after the other, see <see cref="FrameSegmentLayout"/>. Made by the supervisor when the writer wants one, kept by it until the
/// lane ends or the writer returns it, and known by a number that is never used twice in a ring.
/// </summary>
internal sealed unsafe class FrameSegment : IDisposable
{
    private readonly SharedSegment? _segment;
    private readonly MappedMemory _mapping;

    private FrameSegment(uint id, SharedSegment segment, RingRole role, bool keepsDescriptor)
    {
        Id = id;
        Length = segment.Length;
        _segment = keepsDescriptor ? segment : null;
        _mapping = role == RingRole.Writer
            ? MappedMemory.Map(segment, FrameSegmentLayout.DataOffset..segment.Length)
            : MappedMemory.Map(segment, 0..FrameSegmentLayout.DataOffset);
    }

    /// <summary>The ring's number for it, from 1.</summary>
    public uint Id { get; }

    /// <summary>Size of the memory.</summary>
    public int Length { get; }

    /// <summary>The longest frame.</summary>
    public int Capacity => FrameSegmentLayout.Capacity(Length);

    /// <summary>What is handed to the two peers. In the supervisor only.</summary>
    public SafeFileHandle Descriptor => _segment!.Descriptor;

    /// <summary>Where the frame begins.</summary>
    public byte* Data => _mapping.Address + FrameSegmentLayout.DataOffset;

    /// <summary>The last use that the reader has ended.</summary>
    public ref ulong Freed => ref *(ulong*)(_mapping.Address + FrameSegmentLayout.FreedOffset);

    /// <summary>The use that the reader has begun.</summary>
    public ref ulong Taken => ref *(ulong*)(_mapping.Address + FrameSegmentLayout.TakenOffset);

    /// <summary>Makes one. For the supervisor.</summary>
    /// <exception cref="SharedMemoryException">There is none to be had.</exception>
    public static FrameSegment Create(uint id, int length)
    {
        SharedSegment segment = SharedSegment.Create("ipc-frame", length);
        try
        {
            return new FrameSegment(id, segment, RingRole.Supervisor, keepsDescriptor: true);
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Opens one that came from the supervisor.</summary>
    /// <param name="descriptor">From now on owned by this object.</param>
    /// <param name="length">The announced size.</param>
    /// <param name="id">The ring's number for it.</param>
    /// <param name="role">Reader or writer.</param>
    /// <exception cref="SharedMemoryException">It is not what was agreed.</exception>
    public static FrameSegment Open(SafeFileHandle descriptor, int length, uint id, RingRole role)
    {
        using SharedSegment segment = SharedSegment.Open(descriptor, length);
        return id != 0 && FrameSegmentLayout.IsLegal(length)
            ? new FrameSegment(id, segment, role, keepsDescriptor: false)
            : throw new SharedMemoryException(SharedMemoryFailure.NotAsAgreed, $"A received memory segment of {length} bytes is not one for frames; it is not used.");
    }

    /// <summary>Keeps the mapping for one more user, also when this object is disposed meanwhile.</summary>
    public void AddUser()
    {
        bool added = false;
        _mapping.DangerousAddRef(ref added);
    }

    /// <summary>Ends an <see cref="AddUser"/>.</summary>
    public void RemoveUser() => _mapping.DangerousRelease();

    /// <summary>Unmaps and closes it; the mapping goes with its last user.</summary>
    public void Dispose()
    {
        _mapping.Dispose();
        _segment?.Dispose();
    }
}
