using System.Runtime.InteropServices;
using Ipc.Transports.Interop;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Memory;

/// <summary>
/// A piece of shared memory without a name: a memfd of a size that is allocated at once and sealed, so that touching it can never fault. Made by the supervisor,
/// handed over as a descriptor, gone with the last process that holds it.
/// </summary>
internal sealed class SharedSegment : IDisposable
{
    private const int RequiredSeals = Libc.SealSeal | Libc.SealShrink | Libc.SealGrow;

    private SharedSegment(SafeFileHandle descriptor, int length)
    {
        Descriptor = descriptor;
        Length = length;
    }

    /// <summary>What is handed to other processes. Close-on-exec; owned by this object.</summary>
    public SafeFileHandle Descriptor { get; }

    /// <summary>Size in bytes, a whole number of pages.</summary>
    public int Length { get; }

    /// <summary>Makes a segment, zeroed. For the supervisor.</summary>
    /// <param name="name">For /proc/pid/maps only; need not be unique.</param>
    /// <param name="length">In bytes, a whole number of pages.</param>
    /// <exception cref="SharedMemoryException">The platform has no memfd, or the kernel refused.</exception>
    public static SharedSegment Create(string name, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        if (!Futex.IsSupported)
        {
            throw new SharedMemoryException(
                SharedMemoryFailure.NotSupported,
                $"Shared-memory rings need 64-bit Linux; this is {RuntimeInformation.OSDescription} on {RuntimeInformation.ProcessArchitecture}.");
        }

        int number = Libc.MemfdCreate(name, Libc.MemfdCloseOnExec | Libc.MemfdAllowSealing);
        if (number < 0)
        {
            throw Refused("memfd_create", length);
        }

        var descriptor = new SafeFileHandle(number, ownsHandle: true);
        try
        {
            if (Libc.Truncate(descriptor, length) != 0)
            {
                throw Refused("ftruncate", length);
            }

            // Without its pages allocated now, the first touch after memory has run out would be a SIGBUS, which .NET cannot catch.
            // The runtime's own signals (it suspends threads for a collection with one) interrupt the call; nothing is allocated then.
            int error;
            do
            {
                error = Libc.Allocate(descriptor, 0, length);
            }
            while (error == Libc.ErrorInterrupted);

            if (error != 0)
            {
                throw Refused("posix_fallocate", length, error);
            }

            if (Libc.Control(descriptor, Libc.FcntlAddSeals, RequiredSeals) != 0)
            {
                throw Refused("fcntl(F_ADD_SEALS)", length);
            }

            return new SharedSegment(descriptor, length);
        }
        catch
        {
            descriptor.Dispose();
            throw;
        }
    }

    /// <summary>Takes over a descriptor that came from the supervisor. It is closed when it is not what was agreed.</summary>
    /// <param name="descriptor">From now on owned by the segment.</param>
    /// <param name="expectedLength">The size that the supervisor announced.</param>
    /// <exception cref="SharedMemoryException">Another size, or its size could still change.</exception>
    public static SharedSegment Open(SafeFileHandle descriptor, int expectedLength)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        int seals = Libc.Control(descriptor, Libc.FcntlGetSeals, 0);
        if (seals < 0 || (seals & RequiredSeals) != RequiredSeals)
        {
            descriptor.Dispose();
            throw new SharedMemoryException(SharedMemoryFailure.NotAsAgreed, "A received descriptor is not a sealed memory segment; it was not mapped.");
        }

        long length = Libc.Seek(descriptor, 0, Libc.SeekEnd);
        if (length != expectedLength || length % Environment.SystemPageSize != 0)
        {
            descriptor.Dispose();
            throw new SharedMemoryException(
                SharedMemoryFailure.NotAsAgreed,
                $"A received memory segment has {length} bytes where {expectedLength} were announced; it was not mapped.");
        }

        return new SharedSegment(descriptor, expectedLength);
    }

    /// <summary>Closes the descriptor. Mappings stay.</summary>
    public void Dispose() => Descriptor.Dispose();

    /// <summary>What to throw when a call has failed just now.</summary>
    internal static SharedMemoryException Refused(string call, int length, int? error = null) => new(
        SharedMemoryFailure.Refused,
        $"The kernel refused {length} bytes of shared memory: {call}: {Marshal.GetPInvokeErrorMessage(error ?? Marshal.GetLastPInvokeError())}.");
}
