namespace Ipc.Hosting.Tests;

/// <summary>A supervisor and two workers of this process, over the transport that a test asks for.</summary>
internal sealed class AnyCluster : IAsyncDisposable
{
    private readonly IAsyncDisposable _cluster;

    private AnyCluster(IAsyncDisposable cluster, IMessageSender sender, Gates gates)
    {
        _cluster = cluster;
        Sender = sender;
        Gates = gates;
    }

    public IMessageSender Sender { get; }

    public Gates Gates { get; }

    public static async Task<AnyCluster> StartAsync(ClusterKind kind)
    {
        if (kind == ClusterKind.Memory)
        {
            InProcessCluster memory = await InProcessCluster.StartAsync(o => o.Workers.Count = 2);
            return new AnyCluster(memory, memory.Sender, memory.Gates);
        }

        RingCluster rings = await RingCluster.StartAsync(overPipe: kind == ClusterKind.Pipe);
        return new AnyCluster(rings, rings.Sender, rings.Gates);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();
}
