using System.Diagnostics;
using OpenTelemetry;

namespace Ipc.Hosting.TelemetryApp;

/// <summary>Writes activities as they end.</summary>
internal sealed class SpanExporter(ExportFile file) : BaseExporter<Activity>
{
    public override ExportResult Export(in Batch<Activity> batch)
    {
        foreach (Activity activity in batch)
        {
            file.Write(activity);
        }

        return ExportResult.Success;
    }
}
