using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>The in-memory network.</summary>
public sealed class InMemoryTransportTests : TransportConformanceTests
{
    /// <inheritdoc/>
    protected override TestCluster CreateCluster() => new MemoryCluster();
}
