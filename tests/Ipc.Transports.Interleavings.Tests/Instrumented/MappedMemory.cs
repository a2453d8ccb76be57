using System.Runtime.InteropServices;
using Ipc.Transports.Interop;

namespace Ipc.Transports.Memory;

/// <summary>
/// Takes the place of the product's mapping: all mappings of a segment in this process are one, so that a word has one address for all the threads of a schedule.
/// A number behind everything that is used of the first page tells which segment it is.
/// </summary>
internal sealed unsafe class MappedMemory : SafeHandle
{
    private const int NumberOffset = 4088;
    private static readonly Dictionary<long, Mapping> Mappings = [];
    private static long s_numbers;
    private readonly long _number;

    private MappedMemory(long number, byte* address)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        _number = number;
        SetHandle((IntPtr)address);
    }

    public override bool IsInvalid => handle == IntPtr.Zero;

    public byte* Address => (byte*)handle;

    public static MappedMemory Map(SharedSegment segment, params ReadOnlySpan<Range> writable)
    {
        var length = (nuint)segment.Length;
        var address = (byte*)Libc.Map(null, length, Libc.ProtRead | Libc.ProtWrite, Libc.MapShared, segment.Descriptor, 0);
        if (address == Libc.MapFailed)
        {
            throw SharedSegment.Refused("mmap", segment.Length);
        }

        lock (Mappings)
        {
            long number = *(long*)(address + NumberOffset);
            if (number == 0)
            {
                number = ++s_numbers;
                *(long*)(address + NumberOffset) = number;
            }

            if (Mappings.ContainsKey(number))
            {
                _ = Libc.Unmap(address, length);
            }
            else
            {
                Mappings[number] = new Mapping((nint)address, length, 0);
            }

            Mapping mapping = Mappings[number];
            Mappings[number] = mapping with { Users = mapping.Users + 1 };
            return new MappedMemory(number, (byte*)mapping.Address);
        }
    }

    /// <summary>Which of the segments that were made since <paramref name="first"/> holds an address, and where.</summary>
    public static (long Segment, long Offset)? Find(nint address, long first)
    {
        lock (Mappings)
        {
            foreach ((long number, Mapping mapping) in Mappings)
            {
                if (number > first && address >= mapping.Address && address < mapping.Address + (nint)mapping.Length)
                {
                    return (number - first, address - mapping.Address);
                }
            }

            return null;
        }
    }

    /// <summary>The number of the last segment that was mapped.</summary>
    public static long Last => System.Threading.Volatile.Read(ref s_numbers);

    /// <summary>Unmaps what was made since <paramref name="first"/>: nobody uses it any more.</summary>
    public static void Forget(long first)
    {
        lock (Mappings)
        {
            foreach ((long number, Mapping mapping) in Mappings.Where(m => m.Key > first).ToList())
            {
                Mappings.Remove(number);
                _ = Libc.Unmap((void*)mapping.Address, mapping.Length);
            }
        }
    }

    protected override bool ReleaseHandle()
    {
        lock (Mappings)
        {
            if (!Mappings.TryGetValue(_number, out Mapping? mapping))
            {
                return true; // its schedule has ended, and with it all that it had mapped
            }

            if (mapping.Users > 1)
            {
                Mappings[_number] = mapping with { Users = mapping.Users - 1 };
                return true;
            }

            Mappings.Remove(_number);
            return Libc.Unmap((void*)mapping.Address, mapping.Length) == 0;
        }
    }

    private sealed record Mapping(nint Address, nuint Length, int Users);
}
