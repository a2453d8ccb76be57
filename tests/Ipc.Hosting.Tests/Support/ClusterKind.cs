namespace Ipc.Hosting.Tests;

/// <summary>What carries the frames of a test's cluster.</summary>
public enum ClusterKind
{
    Memory,
    Rings,
    Pipe,
}
