using System.Runtime.InteropServices;

namespace TextStats.Counting;

/// <summary>Tells files from what only looks like one: opening a named pipe would wait for a writer for ever, and .NET does not say what an entry is.</summary>
internal static partial class FileKind
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint TypeOnly = 1;
    private const int ModeOffset = 28;
    private const int StatxSize = 256;

    /// <summary>False for pipes, sockets and devices. True where it cannot be told: reading then says what is wrong.</summary>
    public static unsafe bool IsRegularOrUnknown(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        // statx(2) and not stat(2): its structure is the same on every processor.
        byte* status = stackalloc byte[StatxSize];
        if (Statx(CurrentDirectory, path, NoFollow, TypeOnly, status) != 0)
        {
            return true;
        }

        const int TypeMask = 0xF000;
        const int Regular = 0x8000;
        return (*(ushort*)(status + ModeOffset) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Statx(int directory, string path, int flags, uint mask, byte* status);
}
