using System.Runtime.InteropServices;

namespace Ipc.Transports.Interop;

/// <summary>Whose a file is (statx(2)); the runtime tells its mode only.</summary>
internal static unsafe class FileOwner
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint UserId = 0x8;
    private const int UserIdOffset = 20;
    private const int Size = 256;

    /// <summary>The number of the user whose file it is; of a link, whose link.</summary>
    /// <exception cref="IOException">It is not there, or not to be seen.</exception>
    public static uint Of(string path)
    {
        byte* status = stackalloc byte[Size];
        return Libc.Status(CurrentFolder, path, NoFollow, UserId, status) == 0
            ? *(uint*)(status + UserIdOffset)
            : throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }
}
