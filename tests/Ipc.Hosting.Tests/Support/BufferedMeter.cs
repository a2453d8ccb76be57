using System.Diagnostics.Metrics;

namespace Ipc.Hosting.Tests;

/// <summary>How many bytes of streams wait for their readers in one cluster: now, and at most.</summary>
internal sealed class BufferedMeter : IDisposable
{
    private readonly Lock _gate = new();
    private readonly MeterListener _listener = new();
    private long _now;

    public BufferedMeter()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == IpcDiagnostics.MeterName && instrument.Name == "ipc.streams.buffered")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, bytes, _, _) =>
        {
            lock (_gate)
            {
                _now += bytes;
                Most = Math.Max(Most, _now);
                Arrived += Math.Max(0, bytes);
            }
        });
        _listener.Start();
    }

    public long Most { get; private set; }

    public long Arrived { get; private set; }

    public long Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public void Dispose() => _listener.Dispose();
}
