using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Comparison;

/// <summary>What is measured, how often, and for how long. Times are fixed and counts are not, so that a slow machine takes no longer.</summary>
internal sealed record Plan
{
    private static readonly int[] FanOutSizes = [256, 64 << 10];
    private static readonly int[] Depths = [1, 64, 0];

    private Plan()
    {
    }

    /// <summary>How often each row has its turn.</summary>
    public required int Rounds { get; init; }

    public required int[] Sizes { get; init; }

    public required int Milliseconds { get; init; }

    public required int CrowdedMilliseconds { get; init; }

    public required int IdleMilliseconds { get; init; }

    public required int WarmUpMilliseconds { get; init; }

    /// <summary>The plan for these options.</summary>
    public static Plan Of(CompareOptions options) => options.IsQuick
        ? new Plan
        {
            Rounds = 2, Sizes = [256, 64 << 10], Milliseconds = 50, CrowdedMilliseconds = 100, IdleMilliseconds = 500, WarmUpMilliseconds = 50,
        }
        : new Plan
        {
            Rounds = 5,
            Sizes = [16, 256, 4 << 10, 64 << 10, 1 << 20],
            Milliseconds = 400,
            CrowdedMilliseconds = 800,
            IdleMilliseconds = 12_000,
            WarmUpMilliseconds = 400,
        };

    /// <summary>One round: all rows of a size and depth one after the other, so that they see the same moods of the machine.</summary>
    public IEnumerable<Cell> Round()
    {
        foreach (int size in Sizes)
        {
            foreach (int depth in Depths)
            {
                foreach (string row in Rows.Exchanges)
                {
                    yield return new Cell(row, size, depth, Rows.IsCrowded(row) ? CrowdedMilliseconds : Milliseconds);
                }
            }

            if (FanOutSizes.Contains(size))
            {
                foreach (int workers in Rows.FanOutWorkers)
                {
                    yield return new Cell(Rows.FanOut(workers), size, 0, Milliseconds);
                }
            }
        }

        yield return new Cell(Rows.Idle, 0, 0, IdleMilliseconds);
    }

    /// <summary>What runs before the first round, for the compiler's sake: the smallest message and one of the others, in each way.</summary>
    public IEnumerable<Cell> WarmUp() =>
        from cell in Round()
        where cell.Row != Rows.Idle && cell.Size <= 256 && (Rows.WorkersOf(cell.Row) is null || cell.Row == Rows.FanOut(4))
        select cell with { Milliseconds = WarmUpMilliseconds };
}
