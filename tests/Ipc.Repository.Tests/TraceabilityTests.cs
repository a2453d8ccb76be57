namespace Ipc.Repository.Tests;

/// <summary>docs/traceability.md: every requirement has evidence, or says why it has none.</summary>
public sealed class TraceabilityTests
{
    /// <summary>How many rows each section has: a requirement cannot be dropped without this line changing.</summary>
    private static readonly Dictionary<string, int> Sections = new(StringComparer.Ordinal)
    {
        ["start"] = 2,
        ["repo"] = 8,
        ["gen"] = 17,
        ["runs"] = 11,
        ["host"] = 28,
        ["trans"] = 9,
        ["samples"] = 13,
        ["done"] = 3,
        ["speed"] = 19,
        ["bench"] = 8,
        ["surv"] = 14,
        ["proof"] = 7,
        ["sup"] = 17,
        ["join"] = 9,
    };

    private static readonly IReadOnlyList<TraceabilityRow> Rows = TraceabilityRow.Parse(Repository.Read("docs/traceability.md"));

    [Fact]
    public void Every_requirement_has_a_row()
    {
        Assert.Equal(
            Sections.OrderBy(section => section.Key, StringComparer.Ordinal).SelectMany(section => Enumerable.Range(1, section.Value).Select(number => $"{section.Key}-{number}")),
            Rows.OrderBy(row => row.Id.Split('-')[0], StringComparer.Ordinal).ThenBy(row => int.Parse(row.Id.Split('-')[1], null)).Select(row => row.Id));
    }

    [Fact]
    public void Every_row_has_evidence_that_exists_or_says_why_not()
    {
        Assert.Empty(Rows.SelectMany(row => row.Faults(TestIndex.Names)));
    }

    [Theory]
    [InlineData("| x-1 | words | `Ipc.Repository.Tests.TraceabilityTests.Every_requirement_has_a_row` | passed |", 0)]
    [InlineData("| x-1 | words | `Ipc.Transports.Tests.GreedyPeerTests.What_a_worker_has_said_before_it_ended_is_heard` | passed |", 0)] // has data with a comment behind it, as here
    [InlineData("| x-1 | words | `./build.sh pack` | 4 packages |", 0)]
    [InlineData("| x-1 | words | not yet: another issue | |", 0)]
    [InlineData("| x-1 | words | not yet: | |", 2)]
    [InlineData("| x-1 | words | | |", 2)]
    [InlineData("| x-1 | words | `./build.sh pack` | |", 1)]
    [InlineData("| x-1 | words | `Ipc.Repository.Tests.TraceabilityTests.Not_a_test` | passed |", 1)]
    [InlineData("| x-1 | | `./build.sh pack` | 4 packages |", 1)]
    public void A_row_without_evidence_is_refused(string line, int faults)
    {
        Assert.Equal(faults, Assert.Single(TraceabilityRow.Parse(line)).Faults(TestIndex.Names).Count());
    }
}
