namespace Ipc.Benchmarks.Raw;

/// <summary>What the echoing process of a raw row has seen and used.</summary>
internal sealed record EchoReport(int ProcessId, long Received, long OutOfOrder, double CpuMicroseconds, long AllocatedBytes);
