using System.Globalization;

namespace TextStats;

/// <summary>What the program was asked to do.</summary>
/// <param name="Folder">The folder to count, as a full path.</param>
/// <param name="Workers">How many workers; <see langword="null"/> leaves it to the configuration.</param>
/// <param name="Json">One object on standard output instead of the table.</param>
/// <param name="Verify">Count again in one process and compare.</param>
internal sealed record CommandLine(string Folder, int? Workers, bool Json, bool Verify)
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        usage: TextStats <folder> [--workers N] [--json] [--verify]
          <folder>     counts all files below it; links are not followed
          --workers N  worker processes, 1 to 256 (default: Ipc:Workers:Count, else one per core)
          --json       prints one object: files, lines, words, bytes, sha256, workers, seconds
          --verify     counts again in this one process and compares; exit code 1 when anything differs
        """;

    private const int MaxWorkers = 256;

    /// <summary>Reads the arguments.</summary>
    /// <exception cref="CommandLineException">They make no sense, or there is no such folder.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        string? folder = null;
        int? workers = null;
        bool json = false;
        bool verify = false;
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--json":
                    json = true;
                    break;
                case "--verify":
                    verify = true;
                    break;
                case "--workers":
                    workers = ParseWorkers(++i < arguments.Count ? arguments[i] : "nothing");
                    break;
                case ['-', _, ..] option:
                    throw new CommandLineException($"There is no option \"{option}\".\n{Usage}");
                case var path when folder is null:
                    folder = path;
                    break;
                default:
                    throw new CommandLineException($"One folder at a time, but both \"{folder}\" and \"{arguments[i]}\" were named.\n{Usage}");
            }
        }

        if (string.IsNullOrEmpty(folder))
        {
            throw new CommandLineException($"Which folder?\n{Usage}");
        }

        if (!Directory.Exists(folder))
        {
            throw new CommandLineException(File.Exists(folder)
                ? $"\"{folder}\" is a file; name the folder that holds it."
                : $"There is no folder \"{folder}\" (looked for at {Path.GetFullPath(folder)}).");
        }

        return new(Path.GetFullPath(folder), workers, json, verify);
    }

    private static int ParseWorkers(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int workers) && workers is >= 1 and <= MaxWorkers
            ? workers
            : throw new CommandLineException($"--workers takes a number from 1 to {MaxWorkers}, not {text}.\n{Usage}");
}
