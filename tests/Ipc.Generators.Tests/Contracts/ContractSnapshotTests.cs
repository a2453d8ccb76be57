using Ipc.Generators.Tests.Harness;

namespace Ipc.Generators.Tests.Contracts;

public sealed class ContractSnapshotTests
{
    [Fact]
    public void Methods_of_every_kind()
    {
        GeneratorRun run = GeneratorRun.Of("""
            namespace Shop;

            [Message]
            public sealed partial record Item(string Name);

            public interface INamed
            {
                Task<string> NameAsync();
            }

            [IpcService("stock")]
            public interface IStock : INamed
            {
                ValueTask<int> CountAsync(string name, int atLeast = 1, CancellationToken cancellationToken = default);
                ValueTask<int> CountAsync(Item item);
                Task PutAsync(Item item, CancellationToken cancellationToken);
                ValueTask ClearAsync();
                Task<List<Item>?> AllAsync();
                IAsyncEnumerable<Item> WatchAsync(string prefix, CancellationToken cancellationToken = default);
                ValueTask<int> ImportAsync(string from, IAsyncEnumerable<int[]> items);
                Task ImportAsync(IAsyncEnumerable<Item> items, CancellationToken cancellationToken);
                ValueTask<int> CountTwiceAsync(string name) => CountAsync(name, 2);
            }
            """);
        Snapshot.Match(run.Source("Shop.IStock.Contract.g.cs"), "Shop.IStock.Contract.g");
        Assert.Contains("global::Ipc.Generated.Shop.Shop_IStock_Contract.Descriptor,", run.Source("Ipc.Listeners.g.cs"), StringComparison.Ordinal);
        TestCompilation.Emit(run.Output);
    }
}
