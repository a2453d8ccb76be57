using Ipc;
using Microsoft.Extensions.Hosting;

namespace Calculator;

/// <summary>Calls the calculator from the supervisor, as if it were here.</summary>
internal sealed class Demonstration(ICalculator calculator, Findings findings, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await CallAsync(stoppingToken);
            await StreamAsync(stoppingToken);
            findings.End();
        }
        catch (Exception e) when (e is IpcException or TimeoutException)
        {
            findings.Found("ended early", $"{e.GetType().Name}: {e.Message}", "not at all");
        }

        lifetime.StopApplication();
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        Result one = await calculator.AddAsync([1, 2, 3, 4, 5], cancellationToken);
        findings.Found("1 + 2 + 3 + 4 + 5", one.Sum, 15);
        findings.Found("found by another process", one.ProcessId != Environment.ProcessId, true);

        Result[] many = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => calculator.AddAsync([i, 1], cancellationToken).AsTask()));
        findings.Found("1,000 calls at once", many.Sum(result => result.Sum), 500_500);

        findings.Found("10 / 3, two digits by default", await calculator.DivideAsync(10, 3), 3.33m);
        findings.Found("10 / 3, four digits", await calculator.DivideAsync(10, 3, 4), 3.3333m);
        try
        {
            await calculator.DivideAsync(10, 0);
        }
        catch (DivisionException e)
        {
            findings.Found("10 / 0 throws here what was thrown there", e.Message, new DivisionException(10).Message);
        }

        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        impatient.CancelAfter(TimeSpan.FromMilliseconds(100));
        try
        {
            await calculator.PonderAsync(impatient.Token);
        }
        catch (OperationCanceledException)
        {
            findings.Found("a call without an end is given up", impatient.IsCancellationRequested, true);
        }
    }

    private async Task StreamAsync(CancellationToken cancellationToken)
    {
        int next = 10;
        await foreach (Tick tick in calculator.WatchAsync(from: next, cancellationToken))
        {
            if (tick.Number != next || ++next == 20)
            {
                break;
            }
        }

        findings.Found("counted from 10 until it was enough", next, 20);
        findings.Found("1 + ... + 1,000,000, sent one by one", await calculator.SumAsync(NumbersAsync(1_000_000), cancellationToken), 500_000_500_000);
    }

    private static async IAsyncEnumerable<int> NumbersAsync(int to)
    {
        for (int number = 1; number <= to; number++)
        {
            if (number % 10_000 == 0)
            {
                await Task.Yield();
            }

            yield return number;
        }
    }
}
