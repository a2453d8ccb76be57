using System.Diagnostics;
using System.Security.Cryptography;
using TextStats.Counting;

namespace Ipc.Samples.Tests.Counting;

/// <summary>A whole folder, counted in one process.</summary>
public sealed class FolderTotalsTests
{
    [Fact]
    public async Task This_repository_counts_as_find_and_wc_count_it()
    {
        using TemporaryFolder folder = RepositoryRoot.CopySources();

        FolderTotals totals = FolderTotals.CountHere(folder.Path, CancellationToken.None);

        (long files, long lines, long words, long bytes) = await Wc.CountFolderAsync(folder.Path);
        Assert.Equal((files, lines, bytes), (totals.Files, totals.Lines, totals.Bytes));
        Assert.True(totals.Files > 50, "The repository has more files than that.");
        if (!await Wc.CountsControlBytesAsWordAsync())
        {
            Assert.Equal(words, totals.Words);
        }
    }

    [Fact]
    public async Task The_hash_is_the_one_that_a_shell_computes()
    {
        using TemporaryFolder folder = MakeFolder();
        const string Script = """
            cd "$1"
            find . -type f -printf '%P\0' | sort -z | while IFS= read -r -d '' file; do
                printf "$(sha256sum < "$file" | cut -c 1-64 | sed 's/../\\x&/g')"
            done | sha256sum | cut -c 1-64
            """;
        CommandRun run = await CommandRun.RunAsync(
            "bash", ["-c", Script, "bash", folder.Path], TimeSpan.FromSeconds(30), new Dictionary<string, string?> { ["LC_ALL"] = "C" });

        Assert.Equal(run.Output.Trim(), FolderTotals.CountHere(folder.Path, CancellationToken.None).Sha256());
    }

    [Fact]
    public void An_empty_folder_counts_nothing()
    {
        using var folder = new TemporaryFolder();

        FolderTotals totals = FolderTotals.CountHere(folder.Path, CancellationToken.None);

        Assert.Equal((0, 0, 0, 0), (totals.Files, totals.Lines, totals.Words, totals.Bytes));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([])), totals.Sha256());
    }

    [Fact]
    public void Links_pipes_and_sockets_are_not_files()
    {
        using TemporaryFolder folder = MakeFolder();
        long before = FolderTotals.CountHere(folder.Path, CancellationToken.None).Files;
        File.CreateSymbolicLink(Path.Combine(folder.Path, "link"), Path.Combine(folder.Path, "a.txt"));
        File.CreateSymbolicLink(Path.Combine(folder.Path, "dangling"), "nowhere");
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "circle"), folder.Path);
        if (!OperatingSystem.IsWindows())
        {
            using Process fifo = Process.Start("mkfifo", [Path.Combine(folder.Path, "fifo")]);
            fifo.WaitForExit();
        }

        Assert.Equal(before, FolderTotals.CountHere(folder.Path, CancellationToken.None).Files);
    }

    [Fact]
    public void What_cannot_be_read_is_listed_and_the_rest_is_counted()
    {
        using TemporaryFolder folder = MakeFolder();
        FolderListing listing = FolderListing.Of(folder.Path);
        File.Delete(Path.Combine(folder.Path, listing.Files[0]));

        var totals = new FolderTotals(listing);
        int failed = 0;
        for (int i = 0; i < listing.Files.Count; i++)
        {
            try
            {
                totals.Add(i, FileCounter.Count(Path.Combine(folder.Path, listing.Files[i]), null, CancellationToken.None));
            }
            catch (IOException e)
            {
                failed++;
                totals.AddUnreadable(i, e.Message);
            }
        }

        Assert.Equal(1, failed);
        Assert.Equal(listing.Files.Count - 1, totals.Files);
        Assert.Equal(listing.Files[0], Assert.Single(totals.Unreadable).Path);
    }

    [Fact]
    public async Task A_file_name_that_is_no_text_is_listed_as_unreadable()
    {
        using TemporaryFolder folder = MakeFolder();
        await CommandRun.RunAsync("bash", ["-c", "printf x > \"$1/$(printf 'b\\377d')\"", "bash", folder.Path], TimeSpan.FromSeconds(10));

        FolderTotals totals = FolderTotals.CountHere(folder.Path, CancellationToken.None);

        // .NET cannot name the file, so it cannot delete it either.
        await CommandRun.RunAsync("bash", ["-c", "rm \"$1\"/b?d", "bash", folder.Path], TimeSpan.FromSeconds(10));
        Assert.Contains("b\uFFFDd", Assert.Single(totals.Unreadable).Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var exception = Assert.Throws<DirectoryNotFoundException>(() => FolderListing.Of("/no/such/folder"));

        Assert.Contains("/no/such/folder", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Order_of_arrival_does_not_change_the_result_and_a_wrong_count_is_seen()
    {
        using TemporaryFolder folder = MakeFolder();
        FolderListing listing = FolderListing.Of(folder.Path);
        FolderTotals expected = FolderTotals.CountHere(folder.Path, CancellationToken.None);

        var backwards = new FolderTotals(listing);
        for (int i = listing.Files.Count - 1; i >= 0; i--)
        {
            var tally = new WordTally();
            backwards.Add(i, FileCounter.Count(Path.Combine(folder.Path, listing.Files[i]), tally, CancellationToken.None));
            backwards.AddWords(tally.Counts);
        }

        Assert.Empty(expected.DifferencesTo(backwards));
        backwards.AddWords([new("smuggled", 1)]);
        Assert.Contains(expected.DifferencesTo(backwards), difference => difference.StartsWith("different words", StringComparison.Ordinal));
    }

    [Fact]
    public void Paths_are_in_the_order_of_their_bytes()
    {
        string[] paths = ["a/b", "a-b", "a.b", "ä", "z", "\U0001F680", "\uFFFD", "\uE000", "a", "aa", "日"];

        Assert.Equal(
            paths.OrderBy(System.Text.Encoding.UTF8.GetBytes, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y))),
            paths.Order(PathOrder.Instance));
    }

    private static TemporaryFolder MakeFolder()
    {
        var folder = new TemporaryFolder();
        folder.Write("a.txt", "one two\nthree"u8);
        folder.Write("b/c.txt", "four\r\n"u8);
        folder.Write("b-c.txt", [0, 1, 2, 0xFF]);
        folder.Write("with a space\nand a newline", "five"u8);
        folder.Write(".hidden/🚀", []);
        return folder;
    }
}
