using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ipc.Benchmarks;

/// <summary>What one run of one row measured.</summary>
/// <param name="Row">The row's name.</param>
/// <param name="P50">Median round trip in microseconds.</param>
/// <param name="P99">99th percentile of the round trips in microseconds.</param>
/// <param name="Rate">Round trips a second, one at a time; for one-way rows messages a second.</param>
/// <param name="Lost">Messages that did not arrive or came out of order.</param>
internal sealed record Result(string Row, double P50, double P99, double Rate, long Lost)
{
    public string ToJson() => JsonSerializer.Serialize(this, ResultJson.Default.Result);

    public static Result FromJson(string json) =>
        JsonSerializer.Deserialize(json, ResultJson.Default.Result) ?? throw new FormatException($"\"{json}\" is not a result.");
}

[JsonSerializable(typeof(Result))]
internal sealed partial class ResultJson : JsonSerializerContext;
