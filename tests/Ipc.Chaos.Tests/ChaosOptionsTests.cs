namespace Ipc.Chaos.Tests;

/// <summary>The command line of the chaos program.</summary>
public sealed class ChaosOptionsTests
{
    [Fact]
    public void What_the_command_line_says_is_taken_and_the_rest_has_defaults()
    {
        ChaosOptions? options = ChaosOptions.Parse(["--minutes", "30", "--seed", "7", "--record", "table.md"]);

        Assert.Equal(new ChaosOptions(TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(20), 7, "both", null, "table.md"), options);
    }

    [Theory]
    [InlineData("--minutes", "0")]
    [InlineData("--transport", "smoke")]
    [InlineData("--record")]
    [InlineData("--garble", "1")]
    public void What_makes_no_sense_is_refused(params string[] arguments) => Assert.Null(ChaosOptions.Parse(arguments));

    [Fact]
    public void A_run_adds_a_line_to_the_table_of_runs_with_what_it_came_to()
    {
        string file = Path.GetTempFileName();
        File.Delete(file);
        try
        {
            ChaosOptions options = ChaosOptions.Parse(["--seconds", "90", "--seed", "77123"])!;
            Results.Add(file, options, new Totals(5, 401, 402, 3, 4, 6, 7, 8, 0));
            Results.Add(file, options, new Totals(5, 401, 402, 3, 4, 6, 7, 8, 1));

            string[] lines = File.ReadAllLines(file);
            Assert.Contains("| 77123 | 1.5 | 5 | 401 | 402 | 3 | 4 | 6 | 7 | 8 | 0 |", lines[^2], StringComparison.Ordinal);
            Assert.Contains("| 8 | 1 |", lines[^1], StringComparison.Ordinal);
            Assert.Equal(lines[^1].Count(c => c == '|'), lines[^4].Count(c => c == '|')); // the head's
        }
        finally
        {
            File.Delete(file);
        }
    }
}
