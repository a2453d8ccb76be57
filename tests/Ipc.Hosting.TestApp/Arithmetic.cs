namespace Ipc.Hosting.TestApp;

/// <summary>Answers at once, later, or never.</summary>
internal sealed class Arithmetic : IArithmetic
{
    public ValueTask<int> AddAsync(int[] values) => new(values.Sum());

    public async Task<int> TimeAsync(int[] values, CancellationToken cancellationToken)
    {
        await Task.Delay(100, cancellationToken);
        return values.Aggregate(1, (product, value) => product * value);
    }

    public ValueTask<string> SayAsync(string text) => new(text);

    public Task FailAsync(string why) => throw new InvalidTimeZoneException(why);

    public async Task WaitAsync(string marker, CancellationToken cancellationToken)
    {
        if (marker.Length > 0)
        {
            await File.AppendAllTextAsync(marker, "started\n", CancellationToken.None);
        }

        await Task.Delay(Timeout.Infinite, cancellationToken);
    }
}
