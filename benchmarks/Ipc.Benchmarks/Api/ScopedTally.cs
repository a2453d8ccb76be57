namespace Ipc.Benchmarks.Api;

/// <summary>The service that a scoped listener gets injected: one for each message.</summary>
public sealed class ScopedTally(Tally tally)
{
    /// <summary>Counts one.</summary>
    public void Count(long number) => tally.Count(number);
}
