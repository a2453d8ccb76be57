namespace Ipc.Processes;

/// <summary>The file that <c>&lt;IpcWorkerProject&gt;</c> puts beside a worker program: whose worker it is.</summary>
internal static class WorkerMarker
{
    /// <summary>Two lines: the group, and the program that starts it.</summary>
    public const string FileName = "ipc-worker.txt";

    /// <summary>Refuses to make a worker program the supervisor of workers of its own, because somebody started it by hand.</summary>
    /// <param name="folder">The program's folder.</param>
    /// <exception cref="InvalidOperationException">The program is a worker of another; the message says how to start it.</exception>
    public static void ThrowIfStartedByHand(string folder)
    {
        string file = Path.Combine(folder, FileName);
        if (!File.Exists(file))
        {
            return;
        }

        string[] lines = File.ReadAllLines(file);
        string group = lines.Length > 0 ? lines[0] : "?";
        string program = lines.Length > 1 ? lines[1] : "?";
        throw new InvalidOperationException(
            $"This program is the worker program of the group \"{group}\" of {program}: it is not started by hand. Start {program}, which starts it; "
            + $"to run it alone, for debugging, set Ipc:Mode to InProcess, or delete {file} to make it a supervisor of its own.");
    }
}
