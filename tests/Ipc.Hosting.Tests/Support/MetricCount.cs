using System.Diagnostics.Metrics;

namespace Ipc.Hosting.Tests;

/// <summary>The sum of one instrument of this process while it exists.</summary>
internal sealed class MetricCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _value;

    public MetricCount(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == IpcDiagnostics.MeterName && instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref _value, value));
        _listener.Start();
    }

    public long Value => Volatile.Read(ref _value);

    public void Dispose() => _listener.Dispose();
}
