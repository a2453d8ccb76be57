namespace Ipc.Hosting.Tests.Contracts;

/// <summary>A contract with all that a call can have.</summary>
[IpcService]
public interface ICalculator : INamed
{
    ValueTask<int> AddAsync(int[] values, CancellationToken cancellationToken);

    ValueTask<int> AddAsync(int left, int right = 40);

    ValueTask<int> AddAsync(int[] values);

    Task<Sum?> SumAsync(IReadOnlyList<Sum> of, IReadOnlyDictionary<string, int>? more = null);

    Task<(int Quotient, int Remainder)> DivideAsync(int dividend, int divisor, Rounding rounding = Rounding.Down, string @class = "whole", decimal? factor = 1.5m);

    Task<List<string?>> WordsAsync(params string?[] words);

    ValueTask<Rounding> OtherAsync(Rounding rounding);

    ValueTask<int?> MaybeAsync(int? number);

    Task RememberAsync(string text);

    ValueTask ForgetAsync();

    ValueTask WaitAsync(string name, CancellationToken cancellationToken = default);

    ValueTask<int> AddTwiceAsync(int left, int right) => AddAsync([left, right, left, right]);
}

/// <summary>What a contract inherits belongs to it.</summary>
public interface INamed
{
    Task<string> NameAsync();
}

public enum Rounding
{
    Down,
    Up,
}

[Message]
public partial record Sum(int Value, string Note = "none");
