using System.Globalization;
using System.Runtime.InteropServices;

namespace Ipc.Processes;

/// <summary>A user of this machine.</summary>
/// <param name="Name">The name.</param>
/// <param name="Id">Its number.</param>
/// <param name="Home">Its home folder.</param>
internal sealed partial record UnixUser(string Name, uint Id, string Home)
{
    private const int BufferSize = 16 << 10;
    private const int GroupBufferSize = 1 << 20; // it holds the names of all members

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

    /// <summary>The number of a user that is given by name or number; <see langword="null"/> when there is no user of that name.</summary>
    public static uint? IdOf(string nameOrNumber) =>
        uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint id) ? id
        : OperatingSystem.IsWindows() ? null
        : Find(nameOrNumber)?.Id;

    /// <summary>The number of a group that is given by name or number; <see langword="null"/> when there is no group of that name.</summary>
    public static unsafe uint? GroupIdOf(string nameOrNumber)
    {
        if (uint.TryParse(nameOrNumber, NumberStyles.None, CultureInfo.InvariantCulture, out uint id))
        {
            return id;
        }

        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        byte[] buffer = new byte[GroupBufferSize];
        fixed (byte* text = buffer)
        {
            GroupEntry entry = default;
            return GetGroupByName(nameOrNumber, ref entry, text, GroupBufferSize, out nint found) == 0 && found != 0 ? entry.GroupId : null;
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

    [LibraryImport("libc", EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int GetGroupByName(string name, ref GroupEntry entry, byte* buffer, nuint length, out nint found);

    /// <summary><c>struct group</c> of glibc and musl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct GroupEntry
    {
        public nint Name;
        public nint Password;
        public uint GroupId;
        public nint Members;
    }

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
