namespace Ipc.Micro.Benchmarks;

/// <summary>What the scoped listener gets injected.</summary>
internal sealed class Dependency
{
    public int Uses { get; set; }
}
