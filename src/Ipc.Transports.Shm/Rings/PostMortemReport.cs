namespace Ipc.Transports.Rings;

/// <summary>What was running in a process that has died, and how far it had read.</summary>
/// <param name="Interrupted">Requests to be answered <see cref="IpcError.PeerGone"/>, by the supervisor, now.</param>
/// <param name="Lost">One-way messages to be reported as lost.</param>
/// <param name="Running">How many listeners of each action had started and not ended.</param>
/// <param name="Taken">For every ring that it read.</param>
internal sealed record PostMortemReport(
    IReadOnlyList<InterruptedRequest> Interrupted,
    IReadOnlyList<LostMessages> Lost,
    IReadOnlyDictionary<ulong, int> Running,
    IReadOnlyList<TakenPosition> Taken);
