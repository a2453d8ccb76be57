namespace Ipc.Hosting.Tests;

/// <summary>A supervisor and two workers of this process, over the transport that a test asks for.</summary>
internal sealed class AnyCluster : IAsyncDisposable
{
    private readonly IAsyncDisposable _cluster;

    private AnyCluster(IAsyncDisposable cluster, IServiceProvider services, IMessageSender sender, Gates gates)
    {
        _cluster = cluster;
        Services = services;
        Sender = sender;
        Gates = gates;
    }

    /// <summary>The supervisor's.</summary>
    public IServiceProvider Services { get; }

    public IMessageSender Sender { get; }

    public Gates Gates { get; }

    public static async Task<AnyCluster> StartAsync(ClusterKind kind, Action<IpcWorkersBuilder>? more = null)
    {
        if (kind == ClusterKind.Memory)
        {
            InProcessCluster memory = await InProcessCluster.StartAsync(o => o.Workers.Count = 2, more);
            return new AnyCluster(memory, memory.Services, memory.Sender, memory.Gates);
        }

        RingCluster rings = await RingCluster.StartAsync(overPipe: kind == ClusterKind.Pipe, more: more);
        return new AnyCluster(rings, rings.Services, rings.Sender, rings.Gates);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
