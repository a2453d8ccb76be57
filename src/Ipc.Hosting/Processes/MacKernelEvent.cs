using System.Runtime.InteropServices;

namespace Ipc.Processes;

/// <summary><c>struct kevent</c> of 64-bit macOS.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal struct MacKernelEvent
{
    public nuint Identifier;
    public short Filter;
    public ushort Flags;
    public uint FilterFlags;
    public nint Data;
    public nint UserData;
}
