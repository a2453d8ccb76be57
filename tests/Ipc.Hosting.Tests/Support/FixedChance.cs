namespace Ipc.Hosting.Tests.Support;

/// <summary>Chance that always gives the same.</summary>
internal sealed class FixedChance(double value) : Random(0)
{
    public override double NextDouble() => value;
}
