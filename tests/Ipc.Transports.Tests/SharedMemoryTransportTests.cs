using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Rings in shared memory.</summary>
public sealed class SharedMemoryTransportTests : TransportConformanceTests
{
    /// <inheritdoc/>
    protected override TestCluster CreateCluster() => new ProcessCluster(useSharedMemory: true);
}
