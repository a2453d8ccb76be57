using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Ipc.Hosting.Tests.Contracts;

/// <summary>Contracts whose methods stream: items, their order, and every way to end.</summary>
public sealed class ContractStreamTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task Items_cross_in_order_in_both_directions(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        IFeed feed = cluster.Services.GetRequiredService<IFeed>();

        Assert.Equal(Enumerable.Range(5, 2_000), (await ListAsync(feed.WatchAsync(5, 2_000))).Select(t => t.Number));
        Assert.Empty(await ListAsync(feed.WatchAsync(0, 0)));
        Assert.Equal(["2", "", "200000", "0"], (await ListAsync(feed.ListsAsync())).Select(l => $"{l?.Count}"));
        Assert.Equal(1_999_000, await feed.SumAsync("all", NumbersAsync(2_000), CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal(0, await feed.SumAsync("all", NumbersAsync(0), CancellationToken.None).WaitAsync(Deadline));
        await feed.TakeAsync(TicksAsync()).AsTask().WaitAsync(Deadline);
        Assert.Equal(["1", "2"], cluster.Services.GetRequiredService<Recorder>().Entries.Where(e => char.IsDigit(e[0])));
    }

    [Fact]
    public async Task A_stream_is_called_when_it_is_enumerated_and_each_time_anew()
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory);
        IAsyncEnumerable<Tick> ticks = cluster.Services.GetRequiredService<IFeed>().WatchAsync(1, 2);
        Assert.Empty(cluster.Services.GetRequiredService<Recorder>().Entries);

        Assert.Equal([1, 2], (await ListAsync(ticks)).Select(t => t.Number));
        Assert.Equal([1, 2], (await ListAsync(ticks)).Select(t => t.Number));

        Assert.Equal(4, (await cluster.Services.GetRequiredService<Recorder>().WaitForAsync(4)).Count);
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task A_reader_that_leaves_early_ends_the_method(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        IFeed feed = cluster.Services.GetRequiredService<IFeed>();

        await foreach (Tick tick in feed.WatchAsync(0, int.MaxValue, "fills"))
        {
            if (tick.Number == 200)
            {
                break;
            }
        }

        // It hears of it by its token, or by being disposed in the middle of an item, whichever comes first.
        await cluster.Gates.Cancelled.Task.WaitAsync(Deadline);
        Assert.StartsWith("left ", Assert.Single(cluster.Services.GetRequiredService<Recorder>().Entries), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Either_token_cancels_the_method_after_what_had_come(bool byMethod)
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory);
        using var leaving = new CancellationTokenSource();
        IAsyncEnumerable<Tick> ticks = cluster.Services.GetRequiredService<IFeed>().WatchAsync(0, 3, "waits", byMethod ? leaving.Token : CancellationToken.None);
        var seen = new List<int>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync().WaitAsync(Deadline));

        Assert.Equal([0, 1, 2], seen);
        await cluster.Gates.Cancelled.Task.WaitAsync(Deadline);
        Assert.Equal(["left True"], cluster.Services.GetRequiredService<Recorder>().Entries);

        async Task ReadAsync()
        {
            await foreach (Tick tick in ticks.WithCancellation(byMethod ? CancellationToken.None : leaving.Token))
            {
                seen.Add(tick.Number);
                if (tick.Number == 2)
                {
                    await leaving.CancelAsync();
                }
            }
        }
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    [InlineData(ClusterKind.Pipe)]
    public async Task What_a_method_throws_comes_after_its_items_with_type_and_message(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        var seen = new List<int>();

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(async () =>
        {
            await foreach (Tick tick in cluster.Services.GetRequiredService<IFeed>().WatchAsync(0, 3, "throws"))
            {
                seen.Add(tick.Number);
            }
        });

        Assert.Equal([0, 1, 2], seen);
        Assert.Equal(("System.InvalidTimeZoneException", "no such zone"), (error.TypeName, error.RemoteMessage));
    }

    [Theory]
    [InlineData(ClusterKind.Memory)]
    [InlineData(ClusterKind.Rings)]
    public async Task Items_that_are_taken_end_with_the_method_and_what_they_throw_is_thrown_on_both_sides(ClusterKind kind)
    {
        await using AnyCluster cluster = await StartAsync(kind);
        IFeed feed = cluster.Services.GetRequiredService<IFeed>();
        using var source = new Source();

        // The method leaves early, or takes nothing: the items are ended, and the call has its answer.
        Assert.Equal(6, await feed.SumAsync("some", source.EndlessAsync(), CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal(-1, await feed.SumAsync("nothing", source.EndlessAsync(), CancellationToken.None).WaitAsync(Deadline));
        RemoteException thrown = await Assert.ThrowsAsync<RemoteException>(() => feed.SumAsync("throws", source.EndlessAsync(), CancellationToken.None).WaitAsync(Deadline));
        Assert.Equal("no such zone", thrown.RemoteMessage);
        Assert.Equal(source.Begun, source.Left);

        // The items throw: the call throws that, and the method gets it with type and message.
        Assert.Equal("out of numbers", (await Assert.ThrowsAsync<InvalidDataException>(
            () => feed.SumAsync("all", FailingAsync(), CancellationToken.None).WaitAsync(Deadline))).Message);

        // The call is cancelled.
        using var leaving = new CancellationTokenSource();
        Task<long> sum = feed.SumAsync("all", source.EndlessAsync(), leaving.Token);
        await source.WaitForItemsAsync(10);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sum.WaitAsync(Deadline));
        Assert.Equal(source.Begun, source.Left);
    }

    [Fact]
    public async Task An_item_that_is_larger_than_a_message_may_be_fails_the_call_and_those_before_it_arrive()
    {
        await using InProcessCluster cluster = await InProcessCluster.StartAsync(
            o => (o.Workers.Count, o.MaxMessageSize) = (1, 64 << 10),
            more: b => b.OnWorkers(s => s.AddIpcService<IFeed, Feed>()).OnSupervisor(s => s.AddIpcProxy<IFeed>()));
        IFeed feed = cluster.Services.GetRequiredService<IFeed>();

        // The method's own item: 200,000 numbers.
        RemoteException there = await Assert.ThrowsAsync<RemoteException>(() => ListAsync(feed.ListsAsync()));
        Assert.Equal(typeof(IpcException).FullName, there.TypeName);
        Assert.Contains("Ipc:MaxMessageSize", there.RemoteMessage, StringComparison.Ordinal);

        Assert.Equal(128_000, await feed.LengthAsync(PiecesAsync(64_000, 64_000)).WaitAsync(Deadline));
        IpcException here = await Assert.ThrowsAsync<IpcException>(() => feed.LengthAsync(PiecesAsync(10, 66_000)).WaitAsync(Deadline));
        Assert.Equal(IpcError.MessageTooLarge, here.Reason);
    }

    [Fact]
    public async Task A_method_that_streams_refuses_a_message_without_a_stream()
    {
        await using AnyCluster cluster = await StartAsync(ClusterKind.Memory);

        RemoteException error = await Assert.ThrowsAsync<RemoteException>(() => cluster.Sender.RequestAsync<MessageBody, int>("IFeed.LengthAsync", MessageBody.FromJson("[]"), Target.Worker(1)).AsTask());

        Assert.Contains("came without a stream", error.RemoteMessage, StringComparison.Ordinal);
    }

    private static Task<AnyCluster> StartAsync(ClusterKind kind) => AnyCluster.StartAsync(kind, b => b
        .OnWorkers(s => s.AddIpcService<IFeed, Feed>())
        .OnSupervisor(s => s.AddIpcProxy<IFeed>(Target.Worker(1))));

    private static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var list = new List<T>();
        await foreach (T item in items.WithCancellation(deadline.Token))
        {
            list.Add(item);
        }

        return list;
    }

    private static async IAsyncEnumerable<int> NumbersAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            if (i % 70 == 0)
            {
                await Task.Yield();
            }

            yield return i;
        }
    }

    private static async IAsyncEnumerable<Tick> TicksAsync()
    {
        yield return new Tick(1);
        await Task.Yield();
        yield return new Tick(2, new byte[100_000]);
    }

    private static async IAsyncEnumerable<int> FailingAsync()
    {
        yield return 1;
        await Task.Yield();
        throw new InvalidDataException("out of numbers");
    }

    private static async IAsyncEnumerable<byte[]> PiecesAsync(params int[] sizes)
    {
        foreach (int size in sizes)
        {
            await Task.Yield();
            yield return new byte[size];
        }
    }

    /// <summary>Numbers without an end, and how often they were begun and left.</summary>
    private sealed class Source : IDisposable
    {
        private readonly SemaphoreSlim _items = new(0);

        public int Begun { get; private set; }

        public int Left { get; private set; }

        public async IAsyncEnumerable<int> EndlessAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Begun++;
            try
            {
                for (int i = 0; ; i++)
                {
                    await Task.Yield();
                    cancellationToken.ThrowIfCancellationRequested();
                    _items.Release();
                    yield return i;
                }
            }
            finally
            {
                Left++;
            }
        }

        public async Task WaitForItemsAsync(int count)
        {
            for (int i = 0; i < count; i++)
            {
                Assert.True(await _items.WaitAsync(Deadline));
            }
        }

        public void Dispose() => _items.Dispose();
    }
}
