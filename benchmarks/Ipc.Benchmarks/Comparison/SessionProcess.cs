using System.Text.Json;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Comparison;

/// <summary>The process that measures a row, with the processes that it starts.</summary>
internal sealed class SessionProcess : IDisposable
{
    // What a user has with one processor: the product then never waits by looking.
    private static readonly Dictionary<string, string> OneProcessor = new()
    {
        ["DOTNET_PROCESSOR_COUNT"] = "1",
        ["DOTNET_ThreadPool_ForceMinWorkerThreads"] = "2",
    };

    private readonly ChildProcess _process;

    private SessionProcess(ChildProcess process) => _process = process;

    /// <summary>Starts it, with its other processes.</summary>
    public static async Task<SessionProcess> StartAsync(string row)
    {
        ChildProcess process = ChildProcess.Start(["measure", row], row == Rows.ApiShmBlocking ? OneProcessor : null);
        if (await process.ReadAsync() is var line && line != MeasureCommand.Ready)
        {
            process.Dispose();
            throw new InvalidOperationException($"The process that measures {row} said \"{line}\" when it started.");
        }

        return new SessionProcess(process);
    }

    /// <summary>Measures once.</summary>
    public async Task<Measurement> MeasureAsync(Cell cell)
    {
        _process.Tell(JsonSerializer.Serialize(cell, MeasuringJson.Default.Cell));
        string line = await _process.ReadAsync();
        return JsonSerializer.Deserialize(line, MeasuringJson.Default.Measurement) ?? throw new FormatException($"\"{line}\" is no measurement of {cell.Row}.");
    }

    public void Dispose() => _process.Dispose();
}
