using System.Text.Json;
using Ipc.Benchmarks.Measuring;
using Ipc.Benchmarks.Reporting;

namespace Ipc.Benchmarks.Tests;

/// <summary>From rounds to rows.</summary>
public sealed class RowSummaryTests
{
    [Fact]
    public void A_row_of_json_has_exactly_the_documented_keys()
    {
        RowSummary row = RowSummary.Of([Measured(Rows.ApiShm, 1, p50: 2, rate: 3)])[0];

        Assert.Equal(
            [
                "row", "size", "depth", "p50_us", "p99_us", "p999_us", "msgs_per_s", "gb_per_s", "cpu_us_per_msg", "alloc_bytes_per_msg", "lost",
                "ratio_to_raw_ring", "ratio_to_raw_pipe",
            ],
            JsonDocument.Parse(row.ToJson()).RootElement.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void Round_trips_are_compared_by_their_medians()
    {
        RowSummary[] rows = RowSummary.Of(
        [
            Measured(Rows.RawRingAdaptive, 1, p50: 1, rate: 9),
            Measured(Rows.RawRingAdaptive, 1, p50: 3, rate: 9),
            Measured(Rows.RawRingAdaptive, 1, p50: 2, rate: 9),
            Measured(Rows.RawRingFutex, 1, p50: 10, rate: 9),
            Measured(Rows.RawPipe, 1, p50: 60, rate: 9),
            Measured(Rows.ApiShm, 1, p50: 6, rate: 9),
            Measured(Rows.ApiShmBlocking, 1, p50: 12, rate: 9),
        ]);

        Assert.Equal((3, 10), Ratios(rows, Rows.ApiShm));
        Assert.Equal((1.2, 5), Ratios(rows, Rows.ApiShmBlocking));
        Assert.Equal((1, 30), Ratios(rows, Rows.RawRingAdaptive));
        Assert.Equal((1, 6), Ratios(rows, Rows.RawRingFutex));
    }

    [Fact]
    public void One_way_rows_are_compared_by_their_rates()
    {
        RowSummary[] rows = RowSummary.Of(
        [
            Measured(Rows.RawRingAdaptive, 0, p50: null, rate: 1000),
            Measured(Rows.RawPipe, 0, p50: null, rate: 20),
            Measured(Rows.ApiShm, 0, p50: null, rate: 400),
        ]);

        Assert.Equal((0.4, 20), Ratios(rows, Rows.ApiShm));
    }

    [Fact]
    public void A_row_without_its_anchors_has_no_ratios()
    {
        Assert.Equal((null, null), Ratios(RowSummary.Of([Measured(Rows.ApiShm, 1, p50: 6, rate: 9)]), Rows.ApiShm));
    }

    [Fact]
    public void What_one_round_lost_is_not_hidden_by_the_others()
    {
        RowSummary row = RowSummary.Of(
        [
            Measured(Rows.ApiShm, 1, p50: 1, rate: 1),
            Measured(Rows.ApiShm, 1, p50: 1, rate: 1) with { Lost = 2, OutOfOrder = 3 },
            Measured(Rows.ApiShm, 1, p50: 1, rate: 1),
        ])[0];

        Assert.Equal(5, row.Lost);
    }

    private static (double?, double?) Ratios(RowSummary[] rows, string row)
    {
        RowSummary found = rows.Single(r => r.Row == row);
        return (found.RatioToRawRing, found.RatioToRawPipe);
    }

    private static Measurement Measured(string row, int depth, double? p50, double rate) => new()
    {
        Row = row,
        Size = 256,
        Depth = depth,
        P50 = p50,
        Rate = rate,
        Cpu = 1,
        Allocated = 0,
        Lost = 0,
        OutOfOrder = 0,
        Messages = 1,
        ProcessId = 1,
        PeerProcessId = 2,
    };
}
