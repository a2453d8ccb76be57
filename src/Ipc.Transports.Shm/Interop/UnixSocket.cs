using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Ipc.Transports.Interop;

/// <summary>Unix stream sockets with abstract names and paths, socket pairs, and the passing of descriptors (unix(7), cmsg(3)).</summary>
internal static unsafe class UnixSocket
{
    /// <summary>Descriptors that one message may carry.</summary>
    public const int MaxDescriptors = 8;

    private const int ControlHeaderSize = 16;
    private const int AddressCapacity = 110;

    /// <summary>Listens on an abstract name: nothing on disk, gone with the process.</summary>
    public static FileDescriptor ListenAbstract(string name, int backlog)
    {
        FileDescriptor socket = Create();
        byte* address = stackalloc byte[AddressCapacity];
        uint length = WriteAddress(address, name);
        if (Libc.Bind(socket, address, length) != 0 || Libc.Listen(socket, backlog) != 0)
        {
            Win32Exception error = LastError("bind");
            socket.Dispose();
            throw error;
        }

        return socket;
    }

    /// <summary>Tries once to connect to an abstract name.</summary>
    /// <param name="name">The name, without the leading zero byte.</param>
    /// <param name="errorNumber">0, or why not: <see cref="Libc.ErrorAgain"/> when the listener's queue is full.</param>
    public static FileDescriptor? TryConnectAbstract(string name, out int errorNumber)
    {
        byte* address = stackalloc byte[AddressCapacity];
        return TryConnect(address, WriteAddress(address, name), out errorNumber);
    }

    /// <summary>Listens on a path. Nobody can connect before the file has its mode.</summary>
    /// <param name="path">A path where no file is.</param>
    /// <param name="mode">Who may connect.</param>
    /// <param name="backlog">How many may wait.</param>
    public static FileDescriptor ListenPath(string path, UnixFileMode mode, int backlog)
    {
        FileDescriptor socket = Create();
        byte* address = stackalloc byte[AddressCapacity];
        uint length = WritePath(address, path);
        try
        {
            if (Libc.Bind(socket, address, length) != 0)
            {
                throw LastError("bind");
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, mode);
            }

            if (Libc.Listen(socket, backlog) != 0)
            {
                throw LastError("listen");
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return socket;
    }

    /// <summary>Tries once to connect to a path.</summary>
    /// <param name="path">The socket's file.</param>
    /// <param name="errorNumber">0, or why not, as for <see cref="TryConnectAbstract"/>.</param>
    public static FileDescriptor? TryConnectPath(string path, out int errorNumber)
    {
        byte* address = stackalloc byte[AddressCapacity];
        return TryConnect(address, WritePath(address, path), out errorNumber);
    }

    /// <summary>Takes one waiting connection.</summary>
    /// <param name="listener">The listening socket.</param>
    /// <param name="accepted">The connection.</param>
    /// <returns><see cref="IoStatus.WouldBlock"/> when there is none; <see cref="IoStatus.Failed"/> when it could not be taken, for example for want of descriptors.</returns>
    public static IoStatus TryAccept(FileDescriptor listener, out FileDescriptor? accepted)
    {
        accepted = null;
        int descriptor = Libc.Accept(listener, null, null, Libc.SockCloseOnExec | Libc.SockNonBlock);
        if (descriptor >= 0)
        {
            accepted = new FileDescriptor(descriptor);
            return IoStatus.Done;
        }

        return Marshal.GetLastPInvokeError() switch
        {
            Libc.ErrorAgain => IoStatus.WouldBlock,
            Libc.ErrorInterrupted or Libc.ErrorConnectionAborted => TryAccept(listener, out accepted),
            _ => IoStatus.Failed,
        };
    }

    /// <summary>A connected pair, for a lane between two processes.</summary>
    public static (FileDescriptor First, FileDescriptor Second) CreatePair()
    {
        int* pair = stackalloc int[2];
        if (Libc.SocketPair(Libc.AfUnix, Libc.SockStream | Libc.SockCloseOnExec | Libc.SockNonBlock, 0, pair) != 0)
        {
            throw LastError("socketpair");
        }

        return (new FileDescriptor(pair[0]), new FileDescriptor(pair[1]));
    }

    /// <summary>Asks for a send buffer; the kernel clamps it to what the machine allows.</summary>
    public static void SetSendBuffer(FileDescriptor socket, int bytes) =>
        _ = Libc.SetSocketOption(socket, Libc.SolSocket, Libc.SoSendBuffer, &bytes, sizeof(int));

    /// <summary>Who is at the other end; <see langword="null"/> when the kernel does not say.</summary>
    public static PeerCredentials? TryGetPeer(FileDescriptor socket)
    {
        int* credentials = stackalloc int[3];
        uint length = 3 * sizeof(int);
        return Libc.GetSocketOption(socket, Libc.SolSocket, Libc.SoPeerCredentials, credentials, &length) == 0
            ? new PeerCredentials(credentials[0], (uint)credentials[1], (uint)credentials[2])
            : null;
    }

    /// <summary>Whether the other end was in a group, as its first or a further one, when the connection was made.</summary>
    public static bool IsPeerInGroup(FileDescriptor socket, PeerCredentials peer, uint groupId)
    {
        if (peer.GroupId == groupId)
        {
            return true;
        }

        const int MostGroups = 65536; // NGROUPS_MAX
        uint[] groups = System.Buffers.ArrayPool<uint>.Shared.Rent(MostGroups);
        uint length = MostGroups * sizeof(uint);
        try
        {
            fixed (uint* first = groups)
            {
                return Libc.GetSocketOption(socket, Libc.SolSocket, Libc.SoPeerGroups, first, &length) == 0
                    && groups.AsSpan(0, (int)(length / sizeof(uint))).Contains(groupId);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<uint>.Shared.Return(groups);
        }
    }

    /// <summary>Sends without blocking; descriptors go along with the first byte.</summary>
    public static IoStatus TrySend(FileDescriptor socket, ReadOnlySpan<byte> bytes, ReadOnlySpan<FileDescriptor> descriptors, out int sent)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        sent = 0;
        byte* control = stackalloc byte[ControlHeaderSize + (MaxDescriptors * sizeof(int))];
        fixed (byte* data = bytes)
        {
            var vector = new Libc.IoVector { Base = data, Length = (nuint)bytes.Length };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (descriptors.Length > 0)
            {
                int length = ControlHeaderSize + (descriptors.Length * sizeof(int));
                *(nuint*)control = (nuint)length;
                *(int*)(control + 8) = Libc.SolSocket;
                *(int*)(control + 12) = Libc.ScmRights;
                for (int i = 0; i < descriptors.Length; i++)
                {
                    ((int*)(control + ControlHeaderSize))[i] = descriptors[i].Number;
                }

                message.Control = control;
                message.ControlLength = (nuint)((length + 7) & ~7);
            }

            nint result;
            do
            {
                result = Libc.SendMessage(socket, &message, Libc.MsgNoSignal | Libc.MsgDontWait);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);

            if (result < 0)
            {
                return Marshal.GetLastPInvokeError() == Libc.ErrorAgain ? IoStatus.WouldBlock : IoStatus.Failed;
            }

            sent = (int)result;
            return IoStatus.Done;
        }
    }

    /// <summary>Receives without blocking. Descriptors that came along are appended, born close-on-exec.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="buffer">Where bytes go.</param>
    /// <param name="descriptors">Where descriptors go.</param>
    /// <param name="received">How many bytes.</param>
    /// <returns><see cref="IoStatus.Failed"/> also when more descriptors came than one message may carry; those that were received are in the list.</returns>
    public static IoStatus TryReceive(FileDescriptor socket, Span<byte> buffer, ICollection<FileDescriptor> descriptors, out int received)
    {
        received = 0;
        const int ControlCapacity = ControlHeaderSize + (MaxDescriptors * sizeof(int));
        byte* control = stackalloc byte[ControlCapacity];
        fixed (byte* data = buffer)
        {
            var vector = new Libc.IoVector { Base = data, Length = (nuint)buffer.Length };
            var message = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = control, ControlLength = ControlCapacity };
            nint result;
            do
            {
                result = Libc.ReceiveMessage(socket, &message, Libc.MsgDontWait | Libc.MsgCloseOnExec);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Libc.ErrorInterrupted);

            if (result < 0)
            {
                return Marshal.GetLastPInvokeError() == Libc.ErrorAgain ? IoStatus.WouldBlock : IoStatus.Failed;
            }

            CollectDescriptors(control, (int)message.ControlLength, descriptors);
            if ((message.Flags & Libc.MsgControlTruncated) != 0)
            {
                return IoStatus.Failed;
            }

            received = (int)result;
            return result == 0 ? IoStatus.EndOfStream : IoStatus.Done;
        }
    }

    /// <summary>The error of the last system call.</summary>
    public static Win32Exception LastError(string call)
    {
        int error = Marshal.GetLastPInvokeError();
        string advice = error == Libc.ErrorTooManyFiles ? " A cluster needs some more of them for each pair of peers that talk: raise the limit (ulimit -n, LimitNOFILE)." : "";
        return new Win32Exception(error, $"{call} failed: {Marshal.GetPInvokeErrorMessage(error)}.{advice}");
    }

    private static void CollectDescriptors(byte* control, int length, ICollection<FileDescriptor> descriptors)
    {
        int offset = 0;
        while (offset + ControlHeaderSize <= length)
        {
            int size = (int)*(nuint*)(control + offset);
            if (size < ControlHeaderSize || size > length - offset)
            {
                return;
            }

            if (*(int*)(control + offset + 8) == Libc.SolSocket && *(int*)(control + offset + 12) == Libc.ScmRights)
            {
                int count = (size - ControlHeaderSize) / sizeof(int);
                for (int i = 0; i < count; i++)
                {
                    descriptors.Add(new FileDescriptor(((int*)(control + offset + ControlHeaderSize))[i]));
                }
            }

            offset += (size + 7) & ~7;
        }
    }

    private static FileDescriptor? TryConnect(byte* address, uint length, out int errorNumber)
    {
        FileDescriptor socket = Create();
        while (Libc.Connect(socket, address, length) != 0)
        {
            errorNumber = Marshal.GetLastPInvokeError();
            if (errorNumber != Libc.ErrorInterrupted)
            {
                socket.Dispose();
                return null;
            }
        }

        errorNumber = 0;
        return socket;
    }

    private static FileDescriptor Create()
    {
        int descriptor = Libc.Socket(Libc.AfUnix, Libc.SockStream | Libc.SockCloseOnExec | Libc.SockNonBlock, 0);
        return descriptor < 0 ? throw LastError("socket") : new FileDescriptor(descriptor);
    }

    /// <summary>Writes <c>struct sockaddr_un</c> with a leading zero byte, which makes the name abstract.</summary>
    private static uint WriteAddress(byte* address, string name)
    {
        *(ushort*)address = Libc.AfUnix;
        address[2] = 0;
        int count = Encoding.UTF8.GetByteCount(name);
        if (count is 0 or > 107)
        {
            throw new ArgumentException($"An abstract socket name has 1 to 107 bytes; \"{name}\" has {count}.", nameof(name));
        }

        Encoding.UTF8.GetBytes(name, new Span<byte>(address + 3, count));
        return (uint)(3 + count);
    }

    /// <summary>Writes <c>struct sockaddr_un</c> with a path, which ends with a zero byte.</summary>
    private static uint WritePath(byte* address, string path)
    {
        *(ushort*)address = Libc.AfUnix;
        int count = Encoding.UTF8.GetByteCount(path);
        if (count is 0 or > 107)
        {
            throw new ArgumentException($"A socket's path has 1 to 107 bytes; \"{path}\" has {count}.", nameof(path));
        }

        Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, count));
        address[2 + count] = 0;
        return (uint)(3 + count);
    }
}
