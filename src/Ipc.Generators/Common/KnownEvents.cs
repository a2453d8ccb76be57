namespace Ipc.Generators.Common;

/// <summary>The events of the family <c>WORKER</c> that are raised, and the type of each one's message.</summary>
internal static class KnownEvents
{
    /// <summary>The family of events about processes.</summary>
    public const string WorkerEventPrefix = "WORKER.";

    /// <summary>Full names of the messages by event.</summary>
    public static IReadOnlyDictionary<string, string> Messages { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["WORKER.START"] = "Ipc.WorkerStarted",
        ["WORKER.READY"] = "Ipc.WorkerReady",
        ["WORKER.STOP"] = "Ipc.WorkerStopping",
        ["WORKER.HUNG"] = "Ipc.WorkerHung",
        ["WORKER.RELOAD"] = "Ipc.ReloadResult",
        ["WORKER.EXIT"] = "Ipc.WorkerExited",
        ["WORKER.DEADLETTER"] = "Ipc.DeadLetter",
    };

    /// <summary>The message's type as one writes it.</summary>
    public static string ShortName(string message) => message.Substring(message.LastIndexOf('.') + 1);
}
