using System.Runtime.InteropServices;

namespace Ipc.Processes;

/// <summary>A user of this machine.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">Its number.</param>
/// <param name="Home">Its home folder.</param>
internal sealed partial record UnixUser(string Name, uint Id, string Home)
{
    private const int BufferSize = 16 << 10;

    /// <summary>The number of the user that this process runs as.</summary>
    public static uint CurrentId => GetEffectiveUserId();

    /// <summary>Looks a user up in what the system knows them from (files, LDAP).</summary>
    /// <returns><see langword="null"/> when there is none of that name.</returns>
    public static unsafe UnixUser? Find(string name)
    {
        byte[] buffer = new byte[BufferSize];
        fixed (byte* text = buffer)
        {
            PasswordEntry entry = default;
            return GetByName(name, ref entry, text, BufferSize, out nint found) == 0 && found != 0
                ? new UnixUser(name, entry.UserId, Marshal.PtrToStringUTF8(entry.Home) ?? "/")
                : null;
        }
    }

    /// <summary>What a login sets: programs would look for their files in the supervisor's home otherwise.</summary>
    public void WriteTo(IDictionary<string, string?> environment)
    {
        environment["HOME"] = Home;
        environment["USER"] = Name;
        environment["LOGNAME"] = Name;
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetByName(string name, ref PasswordEntry entry, byte* buffer, nuint length, out nint found);

    /// <summary><c>struct passwd</c> of glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PasswordEntry
    {
        public nint Name;
        public nint Password;
        public uint UserId;
        public uint GroupId;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }
}
