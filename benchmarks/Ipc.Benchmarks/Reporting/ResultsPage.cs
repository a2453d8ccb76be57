using System.Globalization;
using System.Text;
using System.Text.Json;
using Ipc.Benchmarks.Measuring;

namespace Ipc.Benchmarks.Reporting;

/// <summary><c>benchmarks/RESULTS.md</c>, and the rounds behind it as lines of JSON.</summary>
internal static class ResultsPage
{
    private const string Columns = """
        | row | p50 us | p99 us | p99.9 us | messages/s | GB/s | CPU us a message | bytes allocated a message | lost | to raw ring | to raw pipe |
        |---|---|---|---|---|---|---|---|---|---|---|
        """;

    private const string Legend = """
        Medians of the rounds (minimum to maximum); the rows of a table had their turns one after the other in every round. Absolute figures move from machine to machine
        and from run to run; ratios inside one run are what to look at.

        - *raw-ring-\**: the product's memory layout with one thread on each side and nothing on top, the reader copies out; *spin*, *adaptive* and *futex* are ways to wait.
          *raw-pipe*, *raw-uds*: frames behind their length over a `NamedPipe` and a Unix socket, echoed.
        - *api-\**: `IMessageSender` to an async listener in another process: a singleton; *scoped*: in a scope of its own with one service; *yield*: awaits `Task.Yield()`;
          *blocking*: never waits by looking; *crowded*: beside four busy processes for each core; *pipe*: with shared memory switched off.
        - *fanout-N*: one `SendAsync` to N workers; its times are those of the send, its rate counts what all workers got.
        - *idle*: a supervisor and eight workers without work; its CPU is microseconds a second, and so are its bytes, of the supervisor.
        - GB/s counts a message's bytes once, also when they come back. CPU and bytes are those of both processes. *lost* counts lost, changed and out of order.
        - *to raw ring*: this p50 / the p50 of the raw ring that waits in the same way. *to raw pipe*: raw-pipe's p50 / this p50. One way both are this rate / that rate.
        """;

    private const string GoalColumns = """

        ## Goals

        256 B and one request at a time where nothing else is said.

        | what | goal | measured | met |
        |---|---|---|---|
        """;

    /// <summary>The tables.</summary>
    public static string Body(RowSummary[] rows, int rounds)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{rounds} rounds. {Legend}");
        text.AppendLine(GoalColumns);
        foreach (Goal goal in Goals.Of(rows))
        {
            text.AppendLine(goal.ToString());
        }

        foreach (IGrouping<(int Size, int Depth), RowSummary> table in rows
            .Where(r => r.Row != Rows.Idle)
            .GroupBy(r => (r.Size, r.Depth))
            .OrderBy(g => g.Key.Size)
            .ThenBy(g => g.Key.Depth == 0 ? int.MaxValue : g.Key.Depth))
        {
            Table(text, Title(table.Key.Size, table.Key.Depth), table);
        }

        Table(text, "Idle", rows.Where(r => r.Row == Rows.Idle));
        return text.ToString();
    }

    /// <summary>Writes the page and, beside it, every round.</summary>
    public static async Task WriteAsync(RowSummary[] rows, IEnumerable<Measurement> measurements, int rounds)
    {
        string folder = Path.Combine(Machine.Repository, "benchmarks");
        string date = DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string lines = Path.Combine("results", $"{date}-{Machine.Commit.Split(' ')[0]}.jsonl");
        Directory.CreateDirectory(Path.Combine(folder, "results"));
        await File.WriteAllLinesAsync(Path.Combine(folder, lines), measurements.Select(m => JsonSerializer.Serialize(m, MeasuringJson.Default.Measurement)));
        await File.WriteAllTextAsync(Path.Combine(folder, "RESULTS.md"), $"""
            # Results of `benchmarks/Ipc.Benchmarks -- compare`

            Written by the program on {date} at commit {Machine.Commit}. {Machine.Description}. Every round of every row: [{lines}]({lines}).

            {Body(rows, rounds)}
            """);
        Console.Error.WriteLine($"written to {Path.Combine(folder, "RESULTS.md")} and {lines}");
    }

    private static void Table(StringBuilder text, string title, IEnumerable<RowSummary> rows)
    {
        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"## {title}").AppendLine().AppendLine(Columns);
        foreach (RowSummary row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {row.Row} | {Text(row.P50, "F2")} | {Text(row.P99, "F2")} | {Text(row.P999, "F2")} | {Text(row.Rate, "N0")} | {Text(row.Gigabytes, "F3")} | {Text(row.Cpu, "F2")} | {Text(row.Allocated, "F1")} | {row.Lost} | {Text(row.RatioToRawRing)} | {Text(row.RatioToRawPipe)} |");
        }
    }

    private static string Title(int size, int depth)
    {
        string bytes = size switch
        {
            >= 1 << 20 => $"{size >> 20} MiB",
            >= 1 << 10 => $"{size >> 10} KiB",
            _ => $"{size} B",
        };
        return depth switch
        {
            0 => $"{bytes}, one way",
            1 => $"{bytes}, one request at a time",
            _ => $"{bytes}, {depth} requests in flight",
        };
    }

    private static string Text(Spread? spread, string format) => spread?.ToString(format) ?? "-";

    private static string Text(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
