using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Ipc.Processes;

/// <summary>Has the .NET runtime of a process write a dump of it, over the runtime's diagnostic port: that is a thread of the runtime's own, which answers while every managed thread spins or waits.</summary>
/// <remarks>The messages are those of the runtime's documentation, "Diagnostic IPC Protocol": a header of 20 bytes, here with the command to write a core dump, and numbers in little endian.</remarks>
internal static class RuntimeDump
{
    private const int HeaderSize = 20;
    private const byte DumpCommands = 1;
    private const byte GenerateCoreDump = 1;
    private const byte ServerCommands = 0xFF;
    private const byte Ok = 0;

    private static ReadOnlySpan<byte> Magic => "DOTNET_IPC_V1\0"u8;

    /// <summary>Writes the dump.</summary>
    /// <param name="processId">Whose.</param>
    /// <param name="path">Where to.</param>
    /// <param name="type">What is in it.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="IOException">The runtime could not be asked, or could not write it.</exception>
    /// <exception cref="SocketException">Its port does not answer.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public static async Task WriteAsync(int processId, string path, IpcDumpType type, CancellationToken cancellationToken)
    {
        string port = DiagnosticsFiles.PortOf(processId) ?? throw new IOException("its runtime has no diagnostic port");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(port), cancellationToken).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Command(path, type), cancellationToken).ConfigureAwait(false);
        byte[] answer = new byte[HeaderSize];
        await stream.ReadExactlyAsync(answer, cancellationToken).ConfigureAwait(false);
        if (!answer.AsSpan().StartsWith(Magic) || answer[16] != ServerCommands || answer[17] != Ok)
        {
            throw new IOException($"its runtime could not write {path}");
        }
    }

    private static byte[] Command(string path, IpcDumpType type)
    {
        byte[] name = Encoding.Unicode.GetBytes(path + '\0');
        byte[] message = new byte[HeaderSize + sizeof(int) + name.Length + (2 * sizeof(int))];
        Magic.CopyTo(message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), checked((ushort)message.Length));
        message[16] = DumpCommands;
        message[17] = GenerateCoreDump;
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderSize), path.Length + 1);
        name.CopyTo(message, HeaderSize + sizeof(int));
        BinaryPrimitives.WriteInt32LittleEndian(message.AsSpan(HeaderSize + sizeof(int) + name.Length), (int)type);
        return message; // the last number, flags, is 0
    }
}
