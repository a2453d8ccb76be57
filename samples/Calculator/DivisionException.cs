namespace Calculator;

/// <summary>A division that has no result. Its data crosses processes; Program.cs says how the caller's is made of it.</summary>
public sealed class DivisionException : Exception
{
    /// <summary>Makes the exception.</summary>
    public DivisionException(decimal dividend)
        : base($"{dividend} cannot be divided by zero.")
    {
        Dividend = dividend;
        Data[nameof(Dividend)] = dividend;
    }

    /// <summary>What was to be divided.</summary>
    public decimal Dividend { get; }
}
