namespace Ipc.Hosting.Tests.Contracts
{
    /// <summary>The version that callers have.</summary>
    [IpcService]
    public interface IPrices
    {
        ValueTask<decimal> FindAsync(string item, int count);

        Task<Offer> OfferAsync(string item);

        IAsyncEnumerable<Offer> WatchAsync(int from);

        Task OldAsync();

        Task<Tree> GrowAsync(Tree tree);
    }

    [Message]
    public partial record Offer(string Item, decimal Price);

    [Message]
    public partial record Tree(int Value, List<Tree> Branches);
}

namespace Ipc.Hosting.Tests.Contracts.Later
{
    /// <summary>The version that runs: a parameter in the middle, and some behind.</summary>
    [IpcService]
    public interface IPrices
    {
        ValueTask<decimal> FindAsync(string item, string currency, int count);

        Task<Offer> OfferAsync(string item, int atMost = 7);

        IAsyncEnumerable<Offer> WatchAsync(int from);

        Task NewAsync();

        Task<Tree> GrowAsync(Tree tree);
    }

    [Message]
    public partial record Offer(string Item, decimal Price, string Seller = "nobody");

    [Message]
    public partial record Tree(int Value, List<Tree> Branches, bool IsOld = false);

    internal sealed class Prices : IPrices
    {
        public ValueTask<decimal> FindAsync(string item, string currency, int count) => new(1);

        public Task<Offer> OfferAsync(string item, int atMost = 7) => Task.FromResult(new Offer(item, atMost, "me"));

        public async IAsyncEnumerable<Offer> WatchAsync(int from)
        {
            await Task.Yield();
            yield return new Offer("watched", from);
        }

        public Task NewAsync() => Task.CompletedTask;

        public Task<Tree> GrowAsync(Tree tree) => Task.FromResult(new Tree(tree.Value + 1, [tree], true));
    }
}
