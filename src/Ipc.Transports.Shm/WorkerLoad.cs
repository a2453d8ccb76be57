namespace Ipc.Transports;

/// <summary>What a living worker has to do, as the shared memory of its inbox tells. It goes on meanwhile, so the numbers are of no one moment.</summary>
/// <param name="Running">The actions whose listeners have started and not ended.</param>
/// <param name="Waiting">How many messages wait.</param>
public sealed record WorkerLoad(IReadOnlyList<ActionCount> Running, long Waiting);
