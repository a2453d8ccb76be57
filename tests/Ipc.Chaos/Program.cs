using System.Diagnostics;
using Ipc.Chaos;

if (ChaosOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(ChaosOptions.Usage);
    return 2;
}

Console.WriteLine($"seed {options.Seed}, {options.Duration}, transport {options.Transport}");
int violations = 0;
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
        Console.WriteLine($"round {rounds}, seed {seed}, {(overPipes ? "pipe" : "shared memory")}, {duration.TotalSeconds:0} s");
        int found = await new Round(folder, overPipes, seed, duration, endsByKill: rounds % 4 is 3 or 0).RunAsync();
        violations += found;
        left -= duration;
        if (found != 0 && options.Keep is { } keep)
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

Console.WriteLine($"{rounds} rounds, {violations} violations, seed {options.Seed}");
return violations == 0 ? 0 : 1;
