using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ipc.Chaos;

/// <summary>Adds a line for a run to a table of runs.</summary>
internal static class Results
{
    private const string Head = """
        # Runs of the chaos program

        Written by `./build.sh chaos --record tests/Ipc.Chaos/RESULTS.md`. Half of the rounds are over pipes, in half of them one worker garbles what it shares with others.

        | date | commit | seed | minutes | rounds | sends | handled | reported lost | threw | kills | stops | garbage | violations | machine |
        |---|---|---|---|---|---|---|---|---|---|---|---|---|---|

        """;

    public static void Add(string file, ChaosOptions options, Totals totals)
    {
        if (!File.Exists(file))
        {
            File.WriteAllText(file, Head);
        }

        File.AppendAllText(
            file,
            string.Create(
                CultureInfo.InvariantCulture,
                $"| {DateTime.UtcNow:yyyy-MM-dd} | {Commit()} | {options.Seed} | {options.Duration.TotalMinutes:0.#} | {totals.Rounds} | {totals.Sends} | {totals.Handled} | {totals.Lost} | {totals.Threw} | {totals.Kills} | {totals.Stops} | {totals.Garbled} | {totals.Violations} | {Machine()} |\n"));
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {Model()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";

    private static string Model() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();

    /// <summary>The commit that was built, with a mark when there was more than it.</summary>
    private static string Commit()
    {
        string commit = Git("rev-parse --short HEAD");
        return commit.Length == 0 ? "unknown" : Git("status --porcelain --untracked-files=no -- src tests :!*.md").Length == 0 ? commit : $"{commit} and changes";
    }

    private static string Git(string arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return output;
    }
}
