namespace Ipc.Samples.Tests;

/// <summary>The calculator, called by its interface in other processes.</summary>
public sealed class CalculatorTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Calls_and_streams_cross_processes_as_the_program_itself_verifies()
    {
        CommandRun run = await CommandRun.RunAsync("dotnet", SampleProgram.Command("Calculator", "--verify"), Deadline);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("9 compared, 0 wrong", run.Output, StringComparison.Ordinal);
    }
}
