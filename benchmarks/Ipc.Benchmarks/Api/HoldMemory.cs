namespace Ipc.Benchmarks.Api;

/// <summary>Asks a worker to hold so much memory; the answer is its process id.</summary>
[Message("bench.hold")]
public partial record struct HoldMemory(int Megabytes) : IRequestMessage<int>;
