using System.Text.Json.Serialization;

namespace Ipc.Benchmarks.Measuring;

/// <summary>Lines between the processes of a comparison.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Cell))]
[JsonSerializable(typeof(Measurement))]
internal sealed partial class MeasuringJson : JsonSerializerContext;
