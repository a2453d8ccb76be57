using System.Diagnostics;
using System.Text.Json.Serialization;

namespace Ipc.Benchmarks.Measuring;

/// <summary>One cell, measured once.</summary>
internal sealed record Measurement
{
    /// <summary>In which round, from 1; 0 outside a comparison.</summary>
    public int Round { get; init; }

    public required string Row { get; init; }

    public required int Size { get; init; }

    public required int Depth { get; init; }

    /// <summary>Median round trip in microseconds; none one way.</summary>
    [JsonPropertyName("p50_us")]
    public double? P50 { get; init; }

    [JsonPropertyName("p99_us")]
    public double? P99 { get; init; }

    [JsonPropertyName("p999_us")]
    public double? P999 { get; init; }

    /// <summary>Messages, or requests with their answers, a second; for several receivers what all of them got.</summary>
    [JsonPropertyName("msgs_per_s")]
    public double? Rate { get; init; }

    /// <summary>The same in bytes one way.</summary>
    [JsonPropertyName("gb_per_s")]
    public double? Gigabytes { get; init; }

    /// <summary>CPU time of all processes of the row for a message; without messages, for a second.</summary>
    [JsonPropertyName("cpu_us_per_msg")]
    public required double Cpu { get; init; }

    /// <summary>Managed bytes allocated in all processes of the row for a message; without messages, for a second.</summary>
    [JsonPropertyName("alloc_bytes_per_msg")]
    public required double Allocated { get; init; }

    /// <summary>Messages that did not arrive, and answers that did not come.</summary>
    public required long Lost { get; init; }

    /// <summary>Messages and answers that came in another order, or with other content.</summary>
    public required long OutOfOrder { get; init; }

    public required long Messages { get; init; }

    public required int ProcessId { get; init; }

    /// <summary>The other process; the first of several.</summary>
    public required int PeerProcessId { get; init; }

    /// <summary>Puts one measurement together.</summary>
    /// <param name="cell">What was measured.</param>
    /// <param name="traffic">What the asking side counted.</param>
    /// <param name="used">By all processes of the row.</param>
    /// <param name="peer">The other process.</param>
    /// <param name="received">What the other side, or all of several, got.</param>
    /// <param name="outOfOrder">What the other side got in another order.</param>
    /// <param name="receivers">How many were to get each message.</param>
    public static Measurement Of(Cell cell, Traffic traffic, Usage used, int peer, long received, long outOfOrder, int receivers = 1)
    {
        long messages = Math.Max(1, traffic.Sent * receivers);
        double rate = messages / traffic.Seconds;
        bool hasTimes = traffic.Latencies.Count > 0;
        return new Measurement
        {
            Row = cell.Row,
            Size = cell.Size,
            Depth = cell.Depth,
            P50 = hasTimes ? Microseconds(500) : null,
            P99 = hasTimes ? Microseconds(990) : null,
            P999 = hasTimes ? Microseconds(999) : null,
            Rate = Math.Round(rate, 1),
            Gigabytes = Math.Round(rate * cell.Size / 1e9, 6),
            Cpu = Math.Round(used.CpuMicroseconds / messages, 4),
            Allocated = Math.Round(Math.Max(0, used.AllocatedBytes) / (double)messages, 2),
            Lost = (traffic.Sent * receivers) - received,
            OutOfOrder = outOfOrder + traffic.Wrong,
            Messages = messages,
            ProcessId = Environment.ProcessId,
            PeerProcessId = peer,
        };

        double Microseconds(int perMille) => Math.Round(traffic.Latencies.PerMille(perMille) * 1e6 / Stopwatch.Frequency, 3);
    }
}
