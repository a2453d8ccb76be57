namespace Ipc.Transports.Rings;

/// <summary>What was running in a process that has died, and how far it had read.</summary>
/// <param name="Interrupted">Requests to be answered <see cref="IpcError.PeerGone"/>, by the supervisor, now.</param>
/// <param name="Lost">One-way messages to be reported as lost.</param>
/// <param name="Taken">For every ring that it read.</param>
internal sealed record PostMortemReport(
    IReadOnlyList<InterruptedRequest> Interrupted,
    IReadOnlyList<LostMessages> Lost,
    IReadOnlyList<TakenPosition> Taken);
