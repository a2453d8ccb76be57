using System.Runtime.CompilerServices;

namespace Ipc.Hosting.TestApp;

/// <summary>Says in a file what happens to its calls.</summary>
internal sealed class Workshop : IWorkshop
{
    public ValueTask<int> ProcessIdAsync() => new(Environment.ProcessId);

    public async Task SleepAsync(string marker, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(marker, "started\n", CancellationToken.None);
        await Task.Delay(Timeout.Infinite, cancellationToken);
    }

    public async IAsyncEnumerable<int> CountAsync(int to, string marker, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (int i = 0; i < to; i++)
            {
                yield return i;
            }

            await Task.Delay(to < 100_000 ? Timeout.Infinite : 0, cancellationToken);
        }
        finally
        {
            await File.AppendAllTextAsync(marker, "left\n", CancellationToken.None);
        }
    }

    public async Task<long> SumAsync(string marker, IAsyncEnumerable<int> numbers)
    {
        long sum = 0;
        try
        {
            await foreach (int number in numbers)
            {
                if (sum == 0)
                {
                    await File.AppendAllTextAsync(marker, "started\n", CancellationToken.None);
                }

                sum += number;
            }
        }
        catch (IpcException e)
        {
            await File.AppendAllTextAsync(marker, $"failed {e.Reason}\n", CancellationToken.None);
            throw;
        }

        return sum;
    }
}
