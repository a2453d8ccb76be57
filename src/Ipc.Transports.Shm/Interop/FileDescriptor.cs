using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ipc.Transports.Interop;

/// <summary>Owns one descriptor. Every descriptor of this library is made close-on-exec in the same system call that makes it.</summary>
internal sealed class FileDescriptor : SafeHandle
{
    /// <summary>Takes ownership of <paramref name="descriptor"/>.</summary>
    public FileDescriptor(int descriptor)
        : base(-1, ownsHandle: true) => SetHandle(descriptor);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    /// <summary>The number, for calls that take several. The caller keeps this object alive.</summary>
    public int Number => (int)handle;

    /// <summary>Gives the descriptor to a socket of the base class library; this object no longer owns it.</summary>
    public Socket IntoSocket()
    {
        var owner = new SafeSocketHandle(handle, ownsHandle: true);
        SetHandleAsInvalid();
        return new Socket(owner) { Blocking = false };
    }

    /// <summary>Another descriptor for what <paramref name="original"/> refers to, close-on-exec as well.</summary>
    public static FileDescriptor Duplicate(SafeHandle original)
    {
        int descriptor = Libc.Control(original, Libc.FcntlDuplicateCloseOnExec, 0);
        return descriptor < 0 ? throw UnixSocket.LastError("fcntl(F_DUPFD_CLOEXEC)") : new FileDescriptor(descriptor);
    }

    /// <summary>Duplicates all of them, or none when one cannot be.</summary>
    public static FileDescriptor[] DuplicateAll(params ReadOnlySpan<SafeHandle> originals)
    {
        var duplicates = new FileDescriptor[originals.Length];
        for (int i = 0; i < duplicates.Length; i++)
        {
            try
            {
                duplicates[i] = Duplicate(originals[i]);
            }
            catch
            {
                for (int made = 0; made < i; made++)
                {
                    duplicates[made].Dispose();
                }

                throw;
            }
        }

        return duplicates;
    }

    /// <summary>Gives the descriptor to a file handle, as shared memory wants it; this object no longer owns it.</summary>
    public SafeFileHandle IntoFile()
    {
        var owner = new SafeFileHandle(handle, ownsHandle: true);
        SetHandleAsInvalid();
        return owner;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
