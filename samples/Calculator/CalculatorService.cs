using System.Runtime.CompilerServices;

namespace Calculator;

/// <summary>Runs in each worker of the group "math".</summary>
internal sealed class CalculatorService : ICalculator
{
    public ValueTask<Result> AddAsync(int[] values, CancellationToken cancellationToken = default) => new(new Result(values.Sum(), Environment.ProcessId));

    public ValueTask<decimal> DivideAsync(decimal dividend, decimal divisor, int digits = 2) =>
        divisor == 0 ? throw new DivisionException(dividend) : new(Math.Round(dividend / divisor, digits));

    public async IAsyncEnumerable<Tick> WatchAsync(int from, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int number = from; ; number++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return new Tick(number, Environment.ProcessId);
            await Task.Delay(1, cancellationToken);
        }
    }

    public async Task<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default)
    {
        long sum = 0;
        await foreach (int number in numbers.WithCancellation(cancellationToken))
        {
            sum += number;
        }

        return sum;
    }

    public Task PonderAsync(CancellationToken cancellationToken = default) => Task.Delay(Timeout.Infinite, cancellationToken);
}
