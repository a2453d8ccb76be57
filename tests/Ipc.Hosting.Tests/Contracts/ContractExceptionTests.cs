using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>What a caller sees of an exception in another process.</summary>
public sealed class ContractExceptionTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Type_message_and_data_cross_and_mapped_types_are_thrown_as_themselves(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        IStock stock = cluster.Services.GetRequiredService<IStock>();
        Func<string, Task>[] calls =
        [
            item => stock.TakeAsync(item).AsTask(),
            stock.TakeAllAsync,
            item => CountAsync(stock.WatchAsync(item)),
            item => stock.PutAsync(item, NumbersAsync()),
            item => cluster.Sender.RequestAsync<MessageBody, int>("IStock.TakeAsync", MessageBody.FromJson($"[\"{item}\"]"), Target.Worker(1)).AsTask(),
        ];

        foreach (Func<string, Task> call in calls)
        {
            RemoteException remote = await Assert.ThrowsAsync<RemoteException>(() => call("nail").WaitAsync(Deadline));
            Assert.Equal((typeof(KeyNotFoundException).FullName, "no nail", "worker/1#1"), (remote.TypeName, remote.RemoteMessage, remote.Peer.ToString()));
            Assert.Equal(("nail", 3, 2), (remote.Data["item"], remote.Data["left"], remote.Data.Count));

            OutOfStockException mapped = await Assert.ThrowsAsync<OutOfStockException>(() => call("hammer").WaitAsync(Deadline));
            Assert.Equal(("hammer", 3, "hammer is out of stock"), (mapped.Item, mapped.Left, mapped.Message));
        }
    }

    [Fact]
    public async Task A_mapping_that_throws_or_makes_nothing_leaves_the_caller_with_an_exception()
    {
        await using AnyCluster throwing = await StartAsync(ClusterKind.Memory, s => s.AddIpcExceptionMapping<OutOfStockException>(_ => throw new FormatException("not this one")));
        Assert.Equal("not this one", (await Assert.ThrowsAsync<FormatException>(() => throwing.Services.GetRequiredService<IStock>().TakeAllAsync("hammer").WaitAsync(Deadline))).Message);

        await using AnyCluster empty = await StartAsync(ClusterKind.Memory, s => s.AddIpcExceptionMapping<OutOfStockException>(_ => null!));
        await Assert.ThrowsAsync<RemoteException>(() => empty.Services.GetRequiredService<IStock>().TakeAllAsync("hammer").WaitAsync(Deadline));
    }

    private static Task<AnyCluster> StartAsync(ClusterKind kind, Action<IServiceCollection>? last = null) => AnyCluster.StartAsync(kind, b =>
    {
        b.OnWorkers(s => s.AddIpcService<IStock, Stock>());
        b.OnSupervisor(s => s
            .AddIpcProxy<IStock>(Target.Worker(1))
            .AddIpcExceptionMapping(e => new OutOfStockException((string)e.Data["item"]!, (int)e.Data["left"]!)));
        b.OnSupervisor(s => last?.Invoke(s));
    });

    private static async Task CountAsync(IAsyncEnumerable<int> items)
    {
        await foreach (int _ in items)
        {
        }
    }

    private static async IAsyncEnumerable<int> NumbersAsync()
    {
        await Task.Yield();
        yield return 1;
    }
}
