namespace Ipc.Hosting.Tests.Contracts;

/// <summary>A contract whose methods throw.</summary>
[IpcService]
public interface IStock
{
    ValueTask<int> TakeAsync(string item);

    Task TakeAllAsync(string item);

    IAsyncEnumerable<int> WatchAsync(string item);

    Task<int> PutAsync(string item, IAsyncEnumerable<int> numbers);
}

/// <summary>What callers and implementation both know.</summary>
public sealed class OutOfStockException(string item, int left) : Exception($"{item} is out of stock")
{
    public string Item { get; } = item;

    public int Left { get; } = left;
}

internal sealed class Stock : IStock
{
    public ValueTask<int> TakeAsync(string item) => throw Error(item);

    public async Task TakeAllAsync(string item)
    {
        await Task.Yield();
        throw Error(item);
    }

    public async IAsyncEnumerable<int> WatchAsync(string item)
    {
        yield return 1;
        await Task.Yield();
        throw Error(item);
    }

    public async Task<int> PutAsync(string item, IAsyncEnumerable<int> numbers)
    {
        await foreach (int number in numbers)
        {
            throw Error(item);
        }

        return 0;
    }

    private static Exception Error(string item)
    {
        Exception error = item == "hammer" ? new OutOfStockException(item, 3) : new KeyNotFoundException($"no {item}");
        error.Data["item"] = item;
        error.Data["left"] = 3;
        error.Data["secret"] = new object();
        return error;
    }
}
