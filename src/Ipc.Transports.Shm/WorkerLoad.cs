namespace Ipc.Transports;

/// <summary>What a living worker has to do, as the shared memory of its inbox tells. It goes on meanwhile, so the numbers are of no one moment.</summary>
/// <param name="Running">The actions whose listeners have started and not ended.</param>
/// <param name="Waiting">How many messages wait.</param>
/// <param name="HasPipes">Whether messages also come over pipes, where nobody sees them.</param>
public sealed record WorkerLoad(IReadOnlyList<ActionCount> Running, long Waiting, bool HasPipes)
{
    /// <summary>Whether it has nothing to do, as far as can be seen.</summary>
    public bool IsIdle => Running.Count == 0 && Waiting == 0 && !HasPipes;
}
