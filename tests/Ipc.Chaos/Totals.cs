namespace Ipc.Chaos;

/// <summary>What rounds have come to.</summary>
internal sealed record Totals(int Rounds, int Sends, int Handled, int Lost, int Threw, int Kills, int Stops, int Garbled, int Violations)
{
    public static Totals None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static Totals operator +(Totals left, Totals right) => new(
        left.Rounds + right.Rounds, left.Sends + right.Sends, left.Handled + right.Handled, left.Lost + right.Lost, left.Threw + right.Threw,
        left.Kills + right.Kills, left.Stops + right.Stops, left.Garbled + right.Garbled, left.Violations + right.Violations);

    public override string ToString() =>
        $"{Sends} sends, {Handled} handled, {Lost} reported lost, {Threw} threw; {Kills} kills, {Stops} stops, {Garbled} times garbage";
}
