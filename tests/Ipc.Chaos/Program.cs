using System.Diagnostics;
using Ipc.Chaos;

if (ChaosOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(ChaosOptions.Usage);
    return 2;
}

Console.WriteLine($"seed {options.Seed}, {options.Duration}, transport {options.Transport}");
Totals totals = Totals.None;
int rounds = 0;
var random = new Random(options.Seed);
TimeSpan left = options.Duration;
string root = Directory.CreateTempSubdirectory("ipc-chaos-").FullName;
try
{
    while (left > TimeSpan.Zero)
    {
        rounds++;
        bool overPipes = options.Transport == "pipe" || (options.Transport == "both" && rounds % 2 == 0);
        int seed = rounds == 1 ? options.Seed : random.Next();
        TimeSpan duration = left < options.Round ? left : options.Round;
        string folder = Directory.CreateDirectory(Path.Combine(root, $"round-{rounds}")).FullName;
        string? garbler = rounds % 4 is 2 or 3 ? Round.Workers[^1] : null;
        Console.WriteLine($"round {rounds}, seed {seed}, {(overPipes ? "pipe" : "shared memory")}, {duration.TotalSeconds:0} s{(garbler is null ? "" : $", {garbler} garbles what it shares")}");
        Totals found = await new Round(folder, overPipes, seed, duration, endsByKill: rounds % 4 is 3 or 0, garbler).RunAsync();
        totals += found;
        left -= duration;
        if (found.Violations != 0 && options.Keep is { } keep)
        {
            Directory.CreateDirectory(keep);
            using Process copy = Process.Start("cp", ["-r", folder, keep]);
            await copy.WaitForExitAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
finally
{
    Directory.Delete(root, recursive: true);
}

Console.WriteLine($"{rounds} rounds, {totals.Violations} violations, seed {options.Seed}: {totals}");
if (options.Record is { } file)
{
    Results.Add(file, options, totals);
}

return totals.Violations == 0 ? 0 : 1;
