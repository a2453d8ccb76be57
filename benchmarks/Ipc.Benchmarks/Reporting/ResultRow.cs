using System.Text.Json.Serialization;

namespace Ipc.Benchmarks.Reporting;

/// <summary>A row as others read it: medians over the rounds. What a row does not have is null: a message that is not answered has no round trip.</summary>
internal sealed record ResultRow(
    string Row,
    int Size,
    int Depth,
    [property: JsonPropertyName("p50_us")] double? P50,
    [property: JsonPropertyName("p99_us")] double? P99,
    [property: JsonPropertyName("p999_us")] double? P999,
    [property: JsonPropertyName("msgs_per_s")] double? Rate,
    [property: JsonPropertyName("gb_per_s")] double? Gigabytes,
    [property: JsonPropertyName("cpu_us_per_msg")] double Cpu,
    [property: JsonPropertyName("alloc_bytes_per_msg")] double Allocated,
    long Lost,
    double? RatioToRawRing,
    double? RatioToRawPipe);
