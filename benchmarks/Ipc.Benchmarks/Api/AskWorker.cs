namespace Ipc.Benchmarks.Api;

/// <summary>Asks a worker what it has counted and used.</summary>
/// <param name="Resets">Whether it begins to count anew after that.</param>
[Message("bench.ask")]
public partial record struct AskWorker(bool Resets) : IRequestMessage<WorkerState>;
