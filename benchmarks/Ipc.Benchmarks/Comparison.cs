using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Ipc.Benchmarks;

/// <summary>Runs every row in turn, round after round, so that all see the same moods of the machine, and writes medians.</summary>
internal static class Comparison
{
    private const int Rounds = 5;
    private const int QuickRounds = 2;

    public static async Task<int> RunAsync(bool quick)
    {
        int rounds = quick ? QuickRounds : Rounds;
        var results = Measurement.Rows.ToDictionary(r => r, _ => new List<Result>());
        for (int round = 0; round < rounds; round++)
        {
            foreach (string row in Measurement.Rows)
            {
                Result result = await MeasureInAnotherProcessAsync(row);
                results[row].Add(result);
                Console.Error.WriteLine($"round {round + 1}/{rounds} {result.ToJson()}");
            }
        }

        string table = Table(results);
        Console.WriteLine(table);
        if (!quick)
        {
            string file = Path.Combine(FindRepository(), "benchmarks", "RESULTS.md");
            await File.WriteAllTextAsync(file, Describe(rounds) + table);
            Console.WriteLine($"Written to {file}");
        }

        return results.Values.SelectMany(r => r).Any(r => r.Lost != 0) ? 1 : 0;
    }

    private static async Task<Result> MeasureInAnotherProcessAsync(string row)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        }

        start.ArgumentList.Add("measure");
        start.ArgumentList.Add(row);
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        string? json = output.Split('\n').LastOrDefault(l => l.StartsWith('{'));
        return json is null
            ? throw new InvalidOperationException($"The row {row} printed no result and ended with exit code {process.ExitCode}:\n{output}")
            : Result.FromJson(json);
    }

    private static string Describe(int rounds) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        # Results of `benchmarks/Ipc.Benchmarks -- compare`

        Written by the program on {DateTime.UtcNow:yyyy-MM-dd} at commit {Commit()}: {RuntimeInformation.OSDescription.Trim()},
        {Environment.ProcessorCount} cores ({Processor()}), {RuntimeInformation.FrameworkDescription}. Two processes, rows in turn, {rounds} rounds, medians with (minimum to maximum).
        Absolute figures move from machine to machine and from run to run; ratios inside one run are what to look at.


        """);

    private static string Table(Dictionary<string, List<Result>> results)
    {
        double raw = Median(results["raw-pipe"], r => r.P50);
        var text = new StringBuilder();
        text.AppendLine("| row | p50 us | p99 us | per second | lost | raw-pipe's p50 / this |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach ((string row, List<Result> runs) in results)
        {
            bool oneWay = row.StartsWith("one-way", StringComparison.Ordinal);
            text.Append("| ").Append(row)
                .Append(" | ").Append(oneWay ? "-" : Spread(runs, r => r.P50, "F2"))
                .Append(" | ").Append(oneWay ? "-" : Spread(runs, r => r.P99, "F2"))
                .Append(" | ").Append(Spread(runs, r => r.Rate, "N0"))
                .Append(" | ").Append(runs.Sum(r => r.Lost))
                .Append(" | ").Append(oneWay ? "-" : (raw / Median(runs, r => r.P50)).ToString("F1", CultureInfo.InvariantCulture))
                .AppendLine(" |");
        }

        return text.ToString();
    }

    private static string Spread(List<Result> runs, Func<Result, double> value, string format) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Median(runs, value).ToString(format, CultureInfo.InvariantCulture)} ({runs.Min(value).ToString(format, CultureInfo.InvariantCulture)} to {runs.Max(value).ToString(format, CultureInfo.InvariantCulture)})");

    private static double Median(List<Result> runs, Func<Result, double> value) => runs.Select(value).Order().ElementAt(runs.Count / 2);

    private static string Commit()
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["rev-parse", "--short", "HEAD"]) { RedirectStandardOutput = true })!;
        string commit = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return commit;
    }

    private static string Processor()
    {
        const string Label = "model name";
        string? line = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith(Label, StringComparison.Ordinal))
            : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string FindRepository()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ipc.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? Environment.CurrentDirectory;
    }
}
