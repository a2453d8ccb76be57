using System.Globalization;

namespace Calculator;

/// <summary>Prints what happens, and with <c>--verify</c> compares it with what has to happen.</summary>
/// <param name="Verify">Whether it is compared.</param>
internal sealed record Findings(bool Verify)
{
    private int _compared;
    private int _wrong;

    /// <summary>0, or 1 when something was not as it has to be, or nothing was compared that should have been.</summary>
    public int ExitCode => Verify && (_wrong > 0 || _compared == 0) ? 1 : 0;

    /// <summary>Says what was found.</summary>
    public void Found<T>(string what, T found, T expected)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58} {found}"));
        if (Verify)
        {
            _compared++;
            if (!EqualityComparer<T>.Default.Equals(found, expected))
            {
                _wrong++;
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    expected {expected}"));
            }
        }
    }

    /// <summary>Says how it was.</summary>
    public void End()
    {
        if (Verify)
        {
            Console.WriteLine($"{_compared} compared, {_wrong} wrong");
        }
    }
}
