namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>An activity as an exporter of OpenTelemetry got it.</summary>
public sealed record ExportedSpan(int ProcessId, string Name, string Kind, string Trace, string Id, string Parent, string Status, string Tags);
