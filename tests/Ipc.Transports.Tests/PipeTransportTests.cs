using Ipc.Transports.Tests.Infrastructure;

namespace Ipc.Transports.Tests;

/// <summary>Pipe lanes.</summary>
public sealed class PipeTransportTests : TransportConformanceTests
{
    /// <inheritdoc/>
    protected override TestCluster CreateCluster() => new ProcessCluster(useSharedMemory: false);
}
