using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Api;

/// <summary>The public API between a supervisor and one worker.</summary>
internal sealed class ApiSession : IRowSession
{
    private readonly ApiCluster _cluster;
    private readonly string _row;

    private ApiSession(ApiCluster cluster, string row)
    {
        _cluster = cluster;
        _row = row;
    }

    /// <summary>Starts both.</summary>
    /// <exception cref="InvalidOperationException">The blocking row runs where the product may wait by looking.</exception>
    public static async Task<ApiSession> StartAsync(string row)
    {
        if (row == Rows.ApiShmBlocking && Environment.ProcessorCount != 1)
        {
            throw new InvalidOperationException($"{row} is measured with DOTNET_PROCESSOR_COUNT=1 in the environment: the product then never waits by looking.");
        }

        return new(await ApiCluster.StartAsync(workers: 1, isPipe: row is Rows.ApiPipe or Rows.ApiPipeCrowded), row);
    }

    public Task<Measurement> MeasureAsync(Cell cell) => (_row, IsSmall: cell.Size <= EchoContent.FixedSize) switch
    {
        (Rows.ApiShmScoped, true) => new ApiExchange<SmallScopedEcho>(_cluster, cell).RunAsync(),
        (Rows.ApiShmScoped, false) => new ApiExchange<ScopedEcho>(_cluster, cell).RunAsync(),
        (Rows.ApiShmYield, true) => new ApiExchange<SmallYieldEcho>(_cluster, cell).RunAsync(),
        (Rows.ApiShmYield, false) => new ApiExchange<YieldEcho>(_cluster, cell).RunAsync(),
        (_, true) => new ApiExchange<SmallEcho>(_cluster, cell).RunAsync(),
        (_, false) => new ApiExchange<Echo>(_cluster, cell).RunAsync(),
    };

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
