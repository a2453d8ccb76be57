using System.Diagnostics;
using System.Globalization;
using OpenTelemetry.Metrics;

namespace Ipc.Hosting.TelemetryApp;

/// <summary>What OpenTelemetry's SDK hands to an exporter, as lines of a file of this process.</summary>
internal sealed class ExportFile(string folder)
{
    private readonly string _path = Path.Combine(folder, $"{Environment.ProcessId}.txt");
    private readonly Lock _gate = new();

    public void Write(Activity activity) => Append(
        "span", activity.DisplayName, activity.Kind, activity.TraceId, activity.SpanId, activity.ParentSpanId, activity.Status, Format(activity.TagObjects));

    public void Write(Metric metric)
    {
        foreach (ref readonly MetricPoint point in metric.GetMetricPoints())
        {
            var tags = new List<KeyValuePair<string, object?>>();
            foreach (KeyValuePair<string, object?> tag in point.Tags)
            {
                tags.Add(tag);
            }

            double value = metric.MetricType switch
            {
                MetricType.Histogram => point.GetHistogramCount(),
                MetricType.LongGauge => point.GetGaugeLastValueLong(),
                MetricType.DoubleGauge => point.GetGaugeLastValueDouble(),
                MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
                _ => point.GetSumLong(),
            };
            double sum = metric.MetricType == MetricType.Histogram ? point.GetHistogramSum() : 0;
            Append("metric", metric.Name, metric.Unit, value, sum, Format(tags));
        }
    }

    public void Write(string what, string text) => Append(what, text);

    /// <summary>Waits until another process has written these.</summary>
    public async Task WaitForAsync(int processId, string[] texts, CancellationToken cancellationToken)
    {
        string path = Path.Combine(folder, $"{processId}.txt");
        while (!File.Exists(path) || await File.ReadAllTextAsync(path, cancellationToken) is var all && !Array.TrueForAll(texts, t => all.Contains(t, StringComparison.Ordinal)))
        {
            await Task.Delay(20, cancellationToken);
        }
    }

    private static string Format(IEnumerable<KeyValuePair<string, object?>> tags) =>
        string.Join(' ', tags.Select(t => $"{t.Key}={t.Value}".Replace(' ', '_')).Order(StringComparer.Ordinal));

    private void Append(params object[] parts)
    {
        lock (_gate)
        {
            File.AppendAllText(_path, string.Join('\t', parts.Select(p => Convert.ToString(p, CultureInfo.InvariantCulture))) + "\n");
        }
    }
}
