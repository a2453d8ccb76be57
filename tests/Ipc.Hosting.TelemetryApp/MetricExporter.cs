using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Ipc.Hosting.TelemetryApp;

/// <summary>Writes what is collected when somebody asks for it, and at the end.</summary>
internal sealed class MetricExporter(ExportFile file) : BaseExporter<Metric>
{
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
        {
            file.Write(metric);
        }

        return ExportResult.Success;
    }
}
