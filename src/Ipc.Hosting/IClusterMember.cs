using Ipc.Health;

namespace Ipc;

/// <summary>A peer's part in its cluster, from the start of its host to its stop.</summary>
internal interface IClusterMember : IAsyncDisposable
{
    /// <summary>Before the first hosted service starts: sending and receiving work from here on.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>After the last hosted service has started.</summary>
    Task ReadyAsync(CancellationToken cancellationToken);

    /// <summary>Before the first hosted service stops.</summary>
    Task StoppingAsync(CancellationToken cancellationToken);

    /// <summary>With the other hosted services.</summary>
    Task StopAsync(CancellationToken cancellationToken);

    /// <summary>How this part is now. Safe for use by several threads, from <see cref="StartAsync"/> on.</summary>
    ClusterHealth CheckHealth();
}
