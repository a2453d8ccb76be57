namespace Ipc.Benchmarks.Api;

/// <summary>The contract of the comparison with a plain request.</summary>
[IpcService("bench.calls")]
internal interface ICalls
{
    ValueTask<long> AddAsync(int[] values, CancellationToken cancellationToken = default);
}
