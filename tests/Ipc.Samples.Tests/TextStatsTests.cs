using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Ipc.Samples.Tests.Counting;
using TextStats.Counting;

namespace Ipc.Samples.Tests;

/// <summary>The main job with real worker processes.</summary>
public sealed class TextStatsTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Workers_count_this_repository_as_wc_and_as_one_process_do(int workers)
    {
        using TemporaryFolder folder = RepositoryRoot.CopySources();

        CommandRun run = await RunAsync(folder.Path, "--workers", workers.ToString(CultureInfo.InvariantCulture), "--json", "--verify");

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument json = JsonDocument.Parse(run.Output);
        JsonElement result = json.RootElement;
        Assert.Equal(["files", "lines", "words", "bytes", "sha256", "workers", "seconds"], result.EnumerateObject().Select(member => member.Name));
        (long files, long lines, long words, long bytes) = await Wc.CountFolderAsync(folder.Path);
        Assert.Equal((files, lines, bytes), (Number("files"), Number("lines"), Number("bytes")));
        if (!await Wc.CountsControlBytesAsWordAsync())
        {
            Assert.Equal(words, Number("words"));
        }

        Assert.Equal(FolderTotals.CountHere(folder.Path, CancellationToken.None).Sha256(), result.GetProperty("sha256").GetString());
        Assert.Equal(workers, Number("workers"));
        Assert.Contains("verified: the same in one process", run.Error, StringComparison.Ordinal);

        long Number(string name) => result.GetProperty(name).GetInt64();
    }

    [Fact]
    public async Task The_table_shows_counts_hash_and_the_most_frequent_words()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "the cat and the dog\n"u8);
        folder.Write("b/c.txt", "The end"u8);

        CommandRun run = await RunAsync(folder.Path, "--workers", "2");

        Assert.True(run.ExitCode == 0, run.Error);
        string[] lines = [.. run.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
        Assert.Contains("files 2", lines);
        Assert.Contains("lines 1", lines);
        Assert.Contains("words 7", lines);
        Assert.Contains("bytes 27", lines);
        Assert.Contains("workers 2", lines);
        Assert.Contains("3 the", lines);
        Assert.Contains("2 of 2 files", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_read_is_listed_at_the_end_and_is_not_fatal()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "one\n"u8);
        await CommandRun.RunAsync("bash", ["-c", "printf x > \"$1/$(printf 'b\\377d')\"", "bash", folder.Path], TimeSpan.FromSeconds(10));

        CommandRun run = await RunAsync(folder.Path, "--workers", "1", "--verify");

        // .NET cannot name the file, so it cannot delete it either.
        await CommandRun.RunAsync("bash", ["-c", "rm \"$1\"/b?d", "bash", folder.Path], TimeSpan.FromSeconds(10));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("1 could not be read:\n  b\uFFFDd: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Very_many_different_words_are_counted_exactly()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder();
        for (int i = 0; i < 60_000; i++)
        {
            text.Append(string.Concat(i.ToString("D5", CultureInfo.InvariantCulture).Select(digit => (char)('a' + (digit - '0'))))).Append(' ');
        }

        folder.Write("words.txt", Encoding.ASCII.GetBytes(text.ToString()));

        // --verify compares the number of different words, too.
        CommandRun run = await RunAsync(folder.Path, "--workers", "2", "--verify");

        Assert.True(run.ExitCode == 0, run.Error);
    }

    [Fact]
    public async Task A_worker_that_is_killed_costs_no_file()
    {
        using var folder = new TemporaryFolder();
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("some words of a text that is long enough\n", 100_000)));
        for (int i = 0; i < 40; i++)
        {
            folder.Write($"{i}.txt", text);
        }

        using Process program = CommandRun.Start("dotnet", SampleProgram.Command("TextStats", folder.Path, "--workers", "2", "--json", "--verify"));
        Task<string> output = program.StandardOutput.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Deadline);
        var said = new List<string>();
        int killed = 0;
        try
        {
            while (await program.StandardError.ReadLineAsync(limit.Token) is { } line)
            {
                said.Add(line);
                if (killed == 0 && WorkerProcesses.FromStartLine(line) is [_, int second])
                {
                    killed = second;
                    Process.GetProcessById(killed).Kill();
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
        Assert.NotEqual(0, killed);
        using JsonDocument json = JsonDocument.Parse(await output);
        Assert.Equal(40, json.RootElement.GetProperty("files").GetInt64());
        Assert.Contains(said, line => line.Contains("verified: the same", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("There is no folder \"/no/such/folder\"", "/no/such/folder")]
    [InlineData("Which folder?")]
    [InlineData("--workers takes a number from 1 to 256, not 0.", "/tmp", "--workers", "0")]
    [InlineData("--workers takes a number from 1 to 256, not many.", "/tmp", "--workers", "many")]
    [InlineData("--workers takes a number from 1 to 256, not nothing.", "/tmp", "--workers")]
    [InlineData("There is no option \"--verfy\".", "/tmp", "--verfy")]
    [InlineData("One folder at a time", "/tmp", "/var")]
    public async Task A_call_that_makes_no_sense_is_explained(string explanation, params string[] arguments)
    {
        CommandRun run = await RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(explanation, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private static Task<CommandRun> RunAsync(params string[] arguments) =>
        CommandRun.RunAsync("dotnet", SampleProgram.Command("TextStats", arguments), Deadline);
}
