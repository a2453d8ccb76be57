using Ipc;

namespace Calculator;

/// <summary>What worker processes calculate. Callers know this interface, and not where it runs.</summary>
[IpcService]
public interface ICalculator
{
    /// <summary>Adds numbers, and says which process has done it.</summary>
    ValueTask<Result> AddAsync(int[] values, CancellationToken cancellationToken = default);

    /// <summary>Divides. By zero it throws <see cref="DivisionException"/>.</summary>
    ValueTask<decimal> DivideAsync(decimal dividend, decimal divisor, int digits = 2);

    /// <summary>Counts, one number after the other, until nobody listens any more.</summary>
    IAsyncEnumerable<Tick> WatchAsync(int from, CancellationToken cancellationToken = default);

    /// <summary>Adds numbers that come one by one, more than fit any message.</summary>
    Task<long> SumAsync(IAsyncEnumerable<int> numbers, CancellationToken cancellationToken = default);

    /// <summary>Works for ever.</summary>
    Task PonderAsync(CancellationToken cancellationToken = default);
}
