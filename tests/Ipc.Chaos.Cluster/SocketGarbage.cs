using System.Globalization;
using System.Runtime.InteropServices;

namespace Ipc.Chaos.Cluster;

/// <summary>Writes a few bytes to one of this process's sockets, between two writes of the product: lanes over pipes, the control connection.</summary>
internal static class SocketGarbage
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;

    /// <summary>Does it.</summary>
    /// <returns>What was done; null when there is no socket.</returns>
    public static string? Write(Random random)
    {
        int[] sockets =
        [
            .. Directory.GetFileSystemEntries("/proc/self/fd")
                .Where(f => new FileInfo(f).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true)
                .Select(f => int.Parse(Path.GetFileName(f), CultureInfo.InvariantCulture)),
        ];
        if (sockets.Length == 0)
        {
            return null;
        }

        byte[] bytes = new byte[random.Next(1, 64)];
        random.NextBytes(bytes);
        if (random.Next(2) == 0)
        {
            bytes.AsSpan(1).Clear(); // a small number, where one is read
        }

        int socket = sockets[random.Next(sockets.Length)];
        return string.Create(CultureInfo.InvariantCulture, $"{Send(socket, bytes, bytes.Length, DoNotWait | NoSignal)} of {bytes.Length} bytes to socket {socket}");
    }

    [DllImport("libc", EntryPoint = "send")]
    private static extern nint Send(int socket, byte[] bytes, nint length, int flags);
}
