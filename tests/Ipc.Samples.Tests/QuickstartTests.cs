using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Ipc.Samples.Tests;

/// <summary>The Quickstart's story, told by real processes.</summary>
public sealed partial class QuickstartTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task The_story_is_told_once_and_ends_by_itself()
    {
        CommandRun run = await CommandRun.RunAsync("dotnet", SampleProgram.Command("Quickstart", "--once"), Deadline);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        string story = run.Output;
        Assert.Matches(@"\[worker 0 \(start 1\) pid \d+\] heard ""hello, everybody"" from supervisor", story);
        Assert.Matches(@"\[worker 1 \(start 1\) pid \d+\] heard ""hello, everybody"" from supervisor", story);
        Assert.Matches(@"\[worker 1 \(start 1\) pid \d+\] heard ""hello, worker 1"" from supervisor", story);
        Assert.DoesNotMatch(@"\[worker 0 \(start 1\) pid \d+\] heard ""hello, worker 1""", story);
        Assert.Matches(@"the answer is: \w+, \d+ \w+ \d{4}, \d\d:\d\d", story);
        Assert.Contains("Timeout: ", story, StringComparison.Ordinal);
        Assert.Matches(@"\[worker 0 \(start 1\) pid \d+\] my asker no longer waits", story);
        Assert.Contains("worker/0#1 answers by hand: \"why?\" is a good question", story, StringComparison.Ordinal);
        Assert.Contains("PeerGone after ", story, StringComparison.Ordinal);
        Assert.Matches(@"\[worker 1 \(start 2\) pid \d+\] heard ""welcome back""", story);
        Assert.Contains("The end.", story, StringComparison.Ordinal);
        await WorkerProcesses.WaitForEndAsync(WorkersOf(story), Deadline);
    }

    [Fact]
    public async Task Without_once_it_sends_a_message_a_second_until_Ctrl_C()
    {
        // A test runner that was started in the background ignores Ctrl+C, and its children inherit that.
        using Process program = CommandRun.Start("env", ["--default-signal=INT", "dotnet", .. SampleProgram.Command("Quickstart")]);
        using var limit = new CancellationTokenSource(Deadline);
        var said = new List<string>();
        try
        {
            while (await program.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                said.Add(line);
                if (line.Contains("heard \"message 3\"", StringComparison.Ordinal))
                {
                    Process.Start("kill", ["-INT", $"{program.Id}"]).WaitForExit();
                }
            }

            await program.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!program.HasExited)
            {
                program.Kill(entireProcessTree: true);
            }
        }

        Assert.True(program.ExitCode == 0, string.Join('\n', said));
        Assert.Contains(said, line => line.Contains("heard \"message 2\"", StringComparison.Ordinal));
        Assert.Contains("Stopped.", said);
        await WorkerProcesses.WaitForEndAsync(WorkersOf(string.Join('\n', said)), Deadline);
    }

    private static IEnumerable<int> WorkersOf(string output) =>
        WorkerLine().Matches(output).Select(match => int.Parse(match.Groups[1].Value, null)).Distinct();

    [GeneratedRegex(@"\[worker \d+ \(start \d+\) pid (\d+)\]")]
    private static partial Regex WorkerLine();
}
