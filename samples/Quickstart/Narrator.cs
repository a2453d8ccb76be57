using Ipc;

namespace Quickstart;

/// <summary>Prints lines that say which process speaks.</summary>
internal sealed class Narrator(IpcProcess process)
{
    private readonly string _who = process.IsSupervisor
        ? $"supervisor         pid {Environment.ProcessId}"
        : $"worker {process.WorkerId} (start {process.Incarnation}) pid {Environment.ProcessId}";

    /// <summary>A line of this process.</summary>
    public void Say(string text) => Console.WriteLine($"  [{_who}] {text}");

    /// <summary>A chapter's title.</summary>
    public static void Title(string text) => Console.WriteLine($"\n{text}");
}
