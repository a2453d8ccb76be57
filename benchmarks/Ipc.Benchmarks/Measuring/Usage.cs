namespace Ipc.Benchmarks.Measuring;

/// <summary>What processes have used so far.</summary>
/// <param name="CpuMicroseconds">CPU time, user and kernel.</param>
/// <param name="AllocatedBytes">Bytes of managed memory, of all threads.</param>
internal readonly record struct Usage(double CpuMicroseconds, long AllocatedBytes)
{
    /// <summary>This process.</summary>
    public static Usage Now => new(Environment.CpuUsage.TotalTime.TotalMicroseconds, GC.GetTotalAllocatedBytes(precise: true));

    public static Usage operator +(Usage left, Usage right) =>
        new(left.CpuMicroseconds + right.CpuMicroseconds, left.AllocatedBytes + right.AllocatedBytes);

    public static Usage operator -(Usage left, Usage right) =>
        new(left.CpuMicroseconds - right.CpuMicroseconds, left.AllocatedBytes - right.AllocatedBytes);
}
