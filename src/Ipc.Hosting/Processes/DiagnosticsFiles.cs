using System.Net.Sockets;

namespace Ipc.Processes;

/// <summary>What the runtime of a process that was killed leaves in the temporary folder: its diagnostics socket and its debugger pipes.</summary>
internal static class DiagnosticsFiles
{
    private const string SocketPrefix = "dotnet-diagnostic-";
    private const string SocketSuffix = "-socket";
    private const string PipePrefix = "clr-debug-pipe-";

    /// <summary>Removes the files of a worker that has ended.</summary>
    public static void RemoveOf(int processId)
    {
        if (!OperatingSystem.IsWindows())
        {
            Remove($"{SocketPrefix}{processId}-*");
            Remove($"{PipePrefix}{processId}-*");
        }
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
        const int StartTimeField = 19; // behind the name in parentheses
        string[] parts = key.Split('-');
        if (parts.Length != 2)
        {
            return true;
        }

        try
        {
            string stat = File.ReadAllText($"/proc/{parts[0]}/stat");
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is not ("Z" or "X") && fields[StartTimeField] == parts[1];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
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
            try
            {
                File.Delete(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody else's file, or gone this instant: either way not ours to remove.
                continue;
            }
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
