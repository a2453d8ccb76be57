using System.Globalization;

namespace Ipc.Samples.Tests.Counting;

/// <summary>The real <c>wc</c> of this machine, under <c>LC_ALL=C</c>.</summary>
internal static class Wc
{
    private static readonly Dictionary<string, string?> CLocale = new() { ["LC_ALL"] = "C" };

    /// <summary>Lines, words and bytes of a file.</summary>
    public static async Task<(long Lines, long Words, long Bytes)> CountAsync(string path)
    {
        CommandRun run = await CommandRun.RunAsync("wc", ["-l", "-w", "-c", "--", path], TimeSpan.FromMinutes(1), CLocale);
        Assert.True(run.ExitCode == 0, $"wc failed: {run.Error}");
        string[] fields = run.Output.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Parse(fields[0]), Parse(fields[1]), Parse(fields[2]));
    }

    /// <summary>Lines, words and bytes of all regular files below a folder, added up.</summary>
    public static async Task<(long Files, long Lines, long Words, long Bytes)> CountFolderAsync(string folder)
    {
        const string Script = """
            find "$1" -type f -print0 | wc -l -w -c --files0-from=- | tail -n 1
            find "$1" -type f -printf x | wc -c
            """;
        CommandRun run = await CommandRun.RunAsync("bash", ["-c", Script, "bash", folder], TimeSpan.FromMinutes(2), CLocale);
        Assert.True(run.ExitCode == 0, $"wc failed: {run.Error}");
        string[] lines = run.Output.Split('\n');
        string[] fields = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return (Parse(lines[1]), Parse(fields[0]), Parse(fields[1]), Parse(fields[2]));
    }

    /// <summary>Whether control bytes alone make a word, as from coreutils 9.5 on; before, a word needs a printable byte.</summary>
    public static async Task<bool> CountsControlBytesAsWordAsync()
    {
        using var folder = new TemporaryFolder();
        return (await CountAsync(folder.Write("probe", "\u0001\n"u8))).Words == 1;
    }

    private static long Parse(string number) => long.Parse(number, CultureInfo.InvariantCulture);
}
