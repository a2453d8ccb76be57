namespace Ipc.Benchmarks.Api;

/// <summary>What a worker has counted and used.</summary>
[Message]
public partial record struct WorkerState(int ProcessId, long Received, long OutOfOrder, double CpuMicroseconds, long AllocatedBytes);
