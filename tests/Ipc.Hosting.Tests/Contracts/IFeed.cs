namespace Ipc.Hosting.Tests.Contracts;

/// <summary>A contract whose methods stream, in both directions.</summary>
[IpcService]
public interface IFeed
{
    IAsyncEnumerable<Tick> WatchAsync(int from, int count, string then = "ends", CancellationToken cancellationToken = default);

    IAsyncEnumerable<List<int>?> ListsAsync();

    Task<long> SumAsync(string how, IAsyncEnumerable<int> numbers, CancellationToken cancellationToken);

    ValueTask TakeAsync(IAsyncEnumerable<Tick> ticks);

    Task<int> LengthAsync(IAsyncEnumerable<byte[]> pieces);
}

[Message]
public partial record Tick(int Number, byte[]? Padding = null);
