using System.Globalization;

namespace Ipc.Supervision;

/// <summary>How an incarnation has ended, and what with it, as a part of a sentence for the log and for reports.</summary>
internal static class ExitWords
{
    private const int MostNames = 8;

    /// <summary>For example <c>process 812 was ended by SIGKILL while it ran order.placed x2; lost with it: order.placed x2</c>.</summary>
    public static string Describe(WorkerExited exit)
    {
        string running = exit.Running.Count == 0 ? "" : $" while it ran {List(exit.Running)}";
        string lost = exit.Lost.Count == 0 ? "" : $"; lost with it: {List(exit.Lost)}";
        string dump = exit.DumpFile is null ? "" : $"; its dump is {exit.DumpFile}";
        string lastWords = exit.LastErrorLine is { } line ? $", and its last line on standard error was \"{line}\"" : "";
        string logged = exit.LoggedError is { } error ? $", and it had logged \"{error}\"" : "";
        return string.Create(CultureInfo.InvariantCulture, $"process {exit.ProcessId} {exit.Reason}{WhyWithoutError(exit)}{running}{lost}{dump}{lastWords}{logged}");
    }

    /// <summary>A code of 0 says that all went well, and sends people to look in the wrong place: hosts end with it too when a hosted service has failed.</summary>
    private static string WhyWithoutError(WorkerExited exit) => exit.ExitCode != 0 || exit.WasAskedFor ? ""
        : $"{(exit.WasReady ? "" : " before it was ready")} (a hosted service has failed or has stopped its host, or Main has returned)";

    /// <summary>The actions, the most frequent first; <c>nothing</c> when there are none.</summary>
    public static string List(IReadOnlyList<ActionCount> counts)
    {
        if (counts.Count == 0)
        {
            return "nothing";
        }

        string names = string.Join(", ", counts.OrderByDescending(c => c.Count).Take(MostNames).Select(Name));
        return counts.Count > MostNames ? string.Create(CultureInfo.InvariantCulture, $"{names} and {counts.Count - MostNames} other actions") : names;
    }

    private static string Name(ActionCount count) =>
        count.Action.Length == 0 ? string.Create(CultureInfo.InvariantCulture, $"{count.Count} of actions that are not known") : count.ToString();
}
