using System.Text.Json;

namespace Ipc.Benchmarks.Tests;

/// <summary>Cheap cells through the real program: that it measures, between two processes, and what it writes.</summary>
public sealed class MeasureTests
{
    [Theory]
    [InlineData("raw-ring-adaptive", 256, 1)]
    [InlineData("raw-ring-futex", 65_536, 64)]
    [InlineData("raw-pipe", 4096, 64)]
    [InlineData("raw-uds", 256, 0)]
    [InlineData("api-shm", 16, 1)]
    [InlineData("api-shm", 256, 64)]
    [InlineData("api-shm-scoped", 256, 0)]
    [InlineData("api-shm-yield", 256, 64)]
    [InlineData("api-pipe", 256, 1)]
    public async Task A_row_is_measured_between_two_processes_and_loses_nothing(string row, int size, int depth)
    {
        BenchmarkRun run = await BenchmarkRun.RunAsync("measure", row, Text(size), Text(depth), "50");

        Assert.True(run.ExitCode == 0, run.Error);
        JsonElement measured = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(row, measured.GetProperty("row").GetString());
        Assert.Equal(size, measured.GetProperty("size").GetInt32());
        Assert.Equal(depth, measured.GetProperty("depth").GetInt32());
        Assert.Equal(0, measured.GetProperty("lost").GetInt64());
        Assert.Equal(0, measured.GetProperty("out_of_order").GetInt64());
        Assert.InRange(measured.GetProperty("messages").GetInt64(), 1, long.MaxValue);
        Assert.InRange(measured.GetProperty("msgs_per_s").GetDouble(), double.Epsilon, double.MaxValue);
        Assert.InRange(measured.GetProperty("cpu_us_per_msg").GetDouble(), double.Epsilon, double.MaxValue);
        Assert.NotEqual(measured.GetProperty("process_id").GetInt32(), measured.GetProperty("peer_process_id").GetInt32());
        Assert.Equal(depth == 0 ? JsonValueKind.Null : JsonValueKind.Number, measured.GetProperty("p50_us").ValueKind);
        if (depth != 0)
        {
            Assert.InRange(measured.GetProperty("p50_us").GetDouble(), double.Epsilon, measured.GetProperty("p99_us").GetDouble());
        }
    }

    [Theory]
    [InlineData("measure", "no-such-row")]
    [InlineData("compare", "--no-such-option")]
    public async Task What_it_does_not_know_is_answered_with_the_usage(params string[] arguments)
    {
        BenchmarkRun run = await BenchmarkRun.RunAsync(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("compare [--json] [--quick]", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
