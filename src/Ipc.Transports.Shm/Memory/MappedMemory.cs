using System.Runtime.InteropServices;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Memory;

/// <summary>A mapping of a whole segment into this process: read-only, but for the ranges that this process's role may write.</summary>
internal sealed unsafe class MappedMemory : SafeHandle
{
    private readonly nuint _length;

    private MappedMemory(void* address, nuint length)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        _length = length;
        SetHandle((IntPtr)address);
    }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>The first byte. Valid until the mapping is disposed.</summary>
    public byte* Address => (byte*)handle;

    /// <summary>Maps a segment.</summary>
    /// <param name="segment">Checked already: mapping less than its sealed size can never fault.</param>
    /// <param name="writable">Page-aligned ranges that may be written.</param>
    /// <exception cref="SharedMemoryException">The kernel refused.</exception>
    public static MappedMemory Map(SharedSegment segment, params ReadOnlySpan<Range> writable)
    {
        var length = (nuint)segment.Length;
        void* address = Libc.Map(null, length, Libc.ProtRead, Libc.MapShared, segment.Descriptor, 0);
        if (address == Libc.MapFailed)
        {
            throw SharedSegment.Refused("mmap", segment.Length);
        }

        var mapping = new MappedMemory(address, length);
        foreach (Range range in writable)
        {
            (int offset, int size) = range.GetOffsetAndLength(segment.Length);
            if (Libc.Protect((byte*)address + offset, (nuint)size, Libc.ProtRead | Libc.ProtWrite) != 0)
            {
                SharedMemoryException error = SharedSegment.Refused("mprotect", segment.Length);
                mapping.Dispose();
                throw error;
            }
        }

        return mapping;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Unmap((void*)handle, _length) == 0;
}
