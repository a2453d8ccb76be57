namespace Ipc.Generators.Common;

/// <summary>The events of the families <c>WORKER</c> and <c>PEER</c> that are raised, and the type of each one's message.</summary>
internal static class KnownEvents
{
    /// <summary>Whether an event is of a family that only the library raises.</summary>
    public static bool IsOwnFamily(string eventName) =>
        eventName.StartsWith("WORKER.", StringComparison.Ordinal) || eventName.StartsWith("PEER.", StringComparison.Ordinal);

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
        ["PEER.JOINED"] = "Ipc.PeerJoined",
        ["PEER.LEFT"] = "Ipc.PeerLeft",
    };

    /// <summary>The message's type as one writes it.</summary>
    public static string ShortName(string message) => message.Substring(message.LastIndexOf('.') + 1);
}
