namespace Ipc.Benchmarks.Reporting;

/// <summary>What the product is to reach, each as a ratio within one run.</summary>
internal static class Goals
{
    private const int Usual = 256;

    /// <summary>Those that the rows of this run can answer.</summary>
    public static Goal[] Of(RowSummary[] rows)
    {
        var goals = new List<Goal?>
        {
            AtMost("api-shm, p50 to raw-ring-adaptive's", 3, At(Rows.ApiShm, 1)?.RatioToRawRing),
            AtMost("api-shm, p99 to raw-ring-adaptive's", 10, At(Rows.ApiShm, 1)?.P99?.Median / At(Rows.RawRingAdaptive, 1)?.P99?.Median),
            AtMost("api-shm-scoped, p50 to raw-ring-adaptive's", 4, At(Rows.ApiShmScoped, 1)?.RatioToRawRing),
            AtLeast("api-shm, raw-pipe's p50 to its", 40, At(Rows.ApiShm, 1)?.RatioToRawPipe),
            AtMost("api-shm-blocking, p50 to raw-ring-futex's", 1.3, At(Rows.ApiShmBlocking, 1)?.RatioToRawRing),
            AtLeast("api-shm, 64 in flight, requests a second to raw-ring-adaptive's messages one way", 0.125, At(Rows.ApiShm, 64)?.Rate?.Median / At(Rows.RawRingAdaptive, 0)?.Rate?.Median),
            AtLeast("api-shm one way, rate to raw-ring-adaptive's", 0.4, At(Rows.ApiShm, 0)?.RatioToRawRing),
            AtLeast("api-shm-scoped one way, rate to raw-ring-adaptive's", 0.25, At(Rows.ApiShmScoped, 0)?.RatioToRawRing),
            AtLeast("api-shm one way, rate to raw-pipe's", 10, At(Rows.ApiShm, 0)?.RatioToRawPipe),
            AtLeast("api-shm one way, 64 KiB, rate to raw-ring-adaptive's", 0.5, At(Rows.ApiShm, 0, 64 << 10)?.RatioToRawRing),
            AtLeast("api-shm one way, 1 MiB, rate to raw-ring-adaptive's", 0.5, At(Rows.ApiShm, 0, 1 << 20)?.RatioToRawRing),
            AtMost("api-shm, 16 B, bytes allocated a request", 0, At(Rows.ApiShm, 1, 16)?.Allocated?.Median),
            AtMost("api-shm one way, 16 B, bytes allocated a message", 0, At(Rows.ApiShm, 0, 16)?.Allocated?.Median),
            AtMost("api-shm-scoped, 16 B, bytes allocated a request", 400, At(Rows.ApiShmScoped, 1, 16)?.Allocated?.Median),
            AtMost("idle, percent of a core", 0.1, rows.FirstOrDefault(r => r.Row == Rows.Idle)?.Cpu?.Median / 10_000),
            AtMost("api-shm-crowded, p50 to api-pipe-crowded's, worst round", 1, WorstRound(m => m.P50)),
            AtMost("api-shm-crowded, p99 to api-pipe-crowded's, worst round", 1, WorstRound(m => m.P99)),
            AtMost("api-pipe, p50 to raw-pipe's", 1.3, 1 / At(Rows.ApiPipe, 1)?.RatioToRawPipe),
            AtMost("fanout-32, time of a send for each worker, to fanout-4's", 1.5, At(Rows.FanOut(32), 0)?.P50?.Median / 32 / (At(Rows.FanOut(4), 0)?.P50?.Median / 4)),
        };
        return [.. goals.OfType<Goal>()];

        RowSummary? At(string row, int depth, int size = Usual) => rows.FirstOrDefault(r => r.Row == row && r.Size == size && r.Depth == depth);

        double? WorstRound(Func<Measuring.Measurement, double?> value) =>
            At(Rows.ApiShmCrowded, 1)?.Rounds.Zip(At(Rows.ApiPipeCrowded, 1)?.Rounds ?? []).Max(pair => value(pair.First) / value(pair.Second));
    }

    private static Goal? AtMost(string what, double bound, double? value) => value is { } v ? new Goal(what, v, bound, IsAtLeast: false) : null;

    private static Goal? AtLeast(string what, double bound, double? value) => value is { } v ? new Goal(what, v, bound, IsAtLeast: true) : null;
}
