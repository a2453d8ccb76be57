namespace Ipc.Hosting.Tests;

/// <summary>A value whose own code throws while a set of it is read.</summary>
[Message]
public readonly partial record struct Touchy(int Number)
{
    public override int GetHashCode() => Number < 0 ? throw new ArithmeticException("touched") : Number;
}
