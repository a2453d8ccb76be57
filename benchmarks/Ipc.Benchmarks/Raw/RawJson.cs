using System.Text.Json.Serialization;

namespace Ipc.Benchmarks.Raw;

/// <summary>Lines between the two processes of a raw row.</summary>
[JsonSerializable(typeof(EchoOrder))]
[JsonSerializable(typeof(EchoReport))]
internal sealed partial class RawJson : JsonSerializerContext;
