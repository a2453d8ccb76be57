namespace Ipc.Hosting.Tests.Telemetry;

/// <summary>A point of a metric as an exporter of OpenTelemetry got it; of a histogram the count and the sum.</summary>
public sealed record ExportedMetric(int ProcessId, string Name, string Unit, double Value, double Sum, string Tags);
