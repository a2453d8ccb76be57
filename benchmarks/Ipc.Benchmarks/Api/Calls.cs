namespace Ipc.Benchmarks.Api;

/// <summary>Adds, at once.</summary>
internal sealed class Calls : ICalls
{
    public ValueTask<long> AddAsync(int[] values, CancellationToken cancellationToken) => new(values.Sum(static value => (long)value));
}
