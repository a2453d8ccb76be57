namespace Ipc.Benchmarks;

/// <summary>The rows, in the order in which they are measured and shown.</summary>
internal static class Rows
{
    public const string RawRingSpin = "raw-ring-spin";
    public const string RawRingAdaptive = "raw-ring-adaptive";
    public const string RawRingFutex = "raw-ring-futex";
    public const string ApiShm = "api-shm";
    public const string ApiShmScoped = "api-shm-scoped";
    public const string ApiShmYield = "api-shm-yield";
    public const string ApiShmBlocking = "api-shm-blocking";
    public const string ApiPipe = "api-pipe";
    public const string RawPipe = "raw-pipe";
    public const string RawUds = "raw-uds";
    public const string ApiShmCrowded = "api-shm-crowded";
    public const string ApiPipeCrowded = "api-pipe-crowded";
    public const string Idle = "idle";

    private const string FanOutPrefix = "fanout-";

    /// <summary>How many workers a message of the fan-out rows goes to.</summary>
    public static readonly int[] FanOutWorkers = [1, 4, 16, 32];

    /// <summary>Rows that are measured at every size and depth.</summary>
    public static readonly string[] Exchanges =
    [
        RawRingSpin, RawRingAdaptive, RawRingFutex, ApiShm, ApiShmScoped, ApiShmYield, ApiShmBlocking, ApiPipe, RawPipe, RawUds, ApiShmCrowded, ApiPipeCrowded,
    ];

    /// <summary>Every row.</summary>
    public static readonly string[] All = [.. Exchanges, .. FanOutWorkers.Select(FanOut), Idle];

    /// <summary>The row for so many workers.</summary>
    public static string FanOut(int workers) => FormattableString.Invariant($"{FanOutPrefix}{workers}");

    /// <summary>To how many workers a fan-out row sends; <see langword="null"/> for other rows.</summary>
    public static int? WorkersOf(string row) =>
        row.StartsWith(FanOutPrefix, StringComparison.Ordinal) ? int.Parse(row.AsSpan(FanOutPrefix.Length), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>Whether busy processes run beside the row, four for each core.</summary>
    public static bool IsCrowded(string row) => row is ApiShmCrowded or ApiPipeCrowded;

    /// <summary>The raw ring that waits as the row does: the anchor of its first ratio.</summary>
    public static string RawRingOf(string row) => row switch
    {
        RawRingSpin or RawRingAdaptive or RawRingFutex => row,
        ApiShmBlocking => RawRingFutex,
        _ => RawRingAdaptive,
    };
}
