using System.Globalization;

namespace Ipc.Chaos;

/// <summary>What the command line says.</summary>
internal sealed record ChaosOptions(TimeSpan Duration, TimeSpan Round, int Seed, string Transport, string? Keep, string? Record)
{
    public const string Usage = """
        usage: Ipc.Chaos [--minutes N | --seconds N] [--round N] [--seed S] [--transport both|shm|pipe] [--keep FOLDER] [--record FILE]
          --minutes, --seconds  how long to torment a cluster, without the time for proofs (default 1 minute)
          --round               seconds until it is stopped, judged and replaced by another one (default 20)
          --seed                of all that is random (default: from the clock; it is printed)
          --transport           both: the rounds take turns (default)
          --keep                leaves the ledgers of rounds with violations in this folder
          --record              adds a line for this run to a table of runs
        """;

    /// <summary>Reads it; null when it makes no sense.</summary>
    public static ChaosOptions? Parse(string[] arguments)
    {
        var options = new ChaosOptions(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(20), Environment.TickCount & 0xFFFFFF, "both", null, null);
        for (int i = 0; i < arguments.Length; i += 2)
        {
            string value = i + 1 < arguments.Length ? arguments[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;
            ChaosOptions? next = (arguments[i], isNumber) switch
            {
                ("--minutes", true) => options with { Duration = TimeSpan.FromMinutes(number) },
                ("--seconds", true) => options with { Duration = TimeSpan.FromSeconds(number) },
                ("--round", true) => options with { Round = TimeSpan.FromSeconds(number) },
                ("--seed", true) => options with { Seed = number },
                ("--transport", false) when value is "both" or "shm" or "pipe" => options with { Transport = value },
                ("--record", _) when value.Length != 0 => options with { Record = value },
                ("--keep", false) when value.Length != 0 => options with { Keep = value },
                _ => null,
            };
            if (next is null)
            {
                return null;
            }

            options = next;
        }

        return options;
    }
}
