namespace Ipc.Hosting.Tests.Contracts;

internal sealed class Calculator(Recorder recorder, Gates gates, IpcProcess process, ScopedThing scoped) : ICalculator
{
    public ValueTask<int> AddAsync(int[] values, CancellationToken cancellationToken) => new(cancellationToken.CanBeCanceled ? values.Sum() : -1);

    public ValueTask<int> AddAsync(int left, int right = 40) => new(left + right);

    public ValueTask<int> AddAsync(int[] values) => new(values.Sum() + 1_000);

    public async Task<Sum?> SumAsync(IReadOnlyList<Sum> of, IReadOnlyDictionary<string, int>? more = null)
    {
        await Task.Yield();
        return of.Count == 0 ? null : new Sum(of.Sum(s => s.Value) + (more?.Values.Sum() ?? 0), string.Join(',', of.Select(s => s.Note)));
    }

    public Task<(int Quotient, int Remainder)> DivideAsync(int dividend, int divisor, Rounding rounding = Rounding.Down, string @class = "whole", decimal? factor = 1.5m)
    {
        recorder.Add($"{rounding} {@class} {factor}");
        return Task.FromResult(Math.DivRem(dividend, divisor));
    }

    public Task<List<string?>> WordsAsync(params string?[] words) => Task.FromResult<List<string?>>([.. words.Reverse()]);

    public ValueTask<Rounding> OtherAsync(Rounding rounding) => new(1 - rounding);

    public ValueTask<int?> MaybeAsync(int? number) => new(number + 1);

    public async Task RememberAsync(string text)
    {
        await Task.Yield();
        recorder.Add($"{text} {scoped.Id}");
    }

    public ValueTask ForgetAsync()
    {
        recorder.Add("forgotten");
        return default;
    }

    public async ValueTask WaitAsync(string name, CancellationToken cancellationToken = default)
    {
        recorder.Add(name);
        if (name == "quick")
        {
            return;
        }

        try
        {
            await gates.Release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            gates.Cancelled.TrySetResult();
            throw;
        }
    }

    public Task<string> NameAsync() => Task.FromResult($"{process.Group}/{process.WorkerId}");
}
