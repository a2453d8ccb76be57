namespace Ipc.Hosting.TestApp;

/// <summary>What worker 0 does for the supervisor.</summary>
[IpcService]
internal interface IWorkshop
{
    ValueTask<int> ProcessIdAsync();

    Task SleepAsync(string marker, CancellationToken cancellationToken);

    IAsyncEnumerable<int> CountAsync(int to, string marker, CancellationToken cancellationToken);

    Task<long> SumAsync(string marker, IAsyncEnumerable<int> numbers);
}
