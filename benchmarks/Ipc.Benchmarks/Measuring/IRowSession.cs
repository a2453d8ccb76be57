namespace Ipc.Benchmarks.Measuring;

/// <summary>A row with its other process, started once and measured often. Between measurements it waits without using a core.</summary>
internal interface IRowSession : IAsyncDisposable
{
    /// <summary>Measures once.</summary>
    Task<Measurement> MeasureAsync(Cell cell);
}
