using System.Globalization;
using System.Net.Sockets;

namespace Ipc.Processes;

/// <summary>What the runtime of a process that was killed leaves in the temporary folder: its diagnostics socket and its debugger pipes.</summary>
internal static class DiagnosticsFiles
{
    private const string SocketPrefix = "dotnet-diagnostic-";
    private const string SocketSuffix = "-socket";
    private const string PipePrefix = "clr-debug-pipe-";
    private const int StartTimeField = 19; // behind the name

    /// <summary>What the names of the files of a process have in common; <see langword="null"/> when it has ended, or where the system does not tell.</summary>
    public static string? KeyOf(int processId) => StatOf(processId) is { } fields ? $"{processId}-{fields[StartTimeField]}" : null;

    /// <summary>Removes the files of a process that has ended: by their names, since the folder may be a large one.</summary>
    /// <param name="key">As <see cref="KeyOf"/> told while it ran.</param>
    public static void RemoveOf(string key)
    {
        Delete(Path.Join(Path.GetTempPath(), $"{SocketPrefix}{key}{SocketSuffix}"));
        Delete(Path.Join(Path.GetTempPath(), $"{PipePrefix}{key}-in"));
        Delete(Path.Join(Path.GetTempPath(), $"{PipePrefix}{key}-out"));
    }

    /// <summary>The diagnostic port of a process that runs; <see langword="null"/> when it has none that can be found.</summary>
    public static string? PortOf(int processId) => List($"{SocketPrefix}{processId}-*{SocketSuffix}").FirstOrDefault();

    /// <summary>
    /// Removes what an earlier supervisor and its workers left when all of them were killed at once. A socket is theirs to leave only when no such process is to be seen and
    /// nobody listens on it: a process of another container, which shares the folder but not the process ids, does listen.
    /// </summary>
    public static void RemoveStale()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        foreach (string file in List($"{SocketPrefix}*{SocketSuffix}"))
        {
            string key = Path.GetFileName(file)[SocketPrefix.Length..^SocketSuffix.Length];
            if (!IsRunning(key) && IsDeaf(file))
            {
                Remove(Path.GetFileName(file));
                Remove($"{PipePrefix}{key}-*");
            }
        }
    }

    /// <summary>The key is a process id and when it started: an id alone may belong to another process, or to a thread, by now.</summary>
    private static bool IsRunning(string key)
    {
        string[] parts = key.Split('-');
        return parts.Length != 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
            || (StatOf(processId) is { } fields && fields[0] is not ("Z" or "X") && fields[StartTimeField] == parts[1]);
    }

    /// <summary>The fields behind the name, which may hold anything.</summary>
    private static string[]? StatOf(int processId)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsDeaf(string file)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(file));
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    private static void Remove(string pattern)
    {
        foreach (string file in List(pattern))
        {
            Delete(file);
        }
    }

    private static void Delete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // somebody else's file, or gone this instant: either way not ours to remove
        }
    }

    private static string[] List(string pattern)
    {
        try
        {
            return Directory.GetFiles(Path.GetTempPath(), pattern);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No temporary folder that we may look into: then nothing of ours is in it.
            return [];
        }
    }
}
