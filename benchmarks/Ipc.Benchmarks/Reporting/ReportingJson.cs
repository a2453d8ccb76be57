using System.Text.Json.Serialization;

namespace Ipc.Benchmarks.Reporting;

/// <summary>The lines of <c>--json</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ResultRow))]
internal sealed partial class ReportingJson : JsonSerializerContext;
