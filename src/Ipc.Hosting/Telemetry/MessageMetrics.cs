using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ipc.Telemetry;

/// <summary>What one peer counts and measures of the messages that it sends and handles. Where nobody listens that costs a branch.</summary>
internal sealed class MessageMetrics
{
    /// <summary>From a microsecond on: inside one machine a message takes less than the least bucket that is usual between machines.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.000001, 0.000005, 0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30],
    };

    private readonly Counter<long> _sent;
    private readonly Histogram<double> _sending;
    private readonly Counter<long> _consumed;
    private readonly Histogram<double> _processing;
    private readonly Histogram<double> _queue;
    private readonly string _group;
    private readonly object _workerId; // boxed once

    public MessageMetrics(Meter meter, PeerId self)
    {
        _group = self.Group;
        _workerId = self.WorkerId;
        _sent = meter.CreateCounter<long>("messaging.client.sent.messages", "{message}", "Messages that were sent, or could not be.");
        _sending = meter.CreateHistogram("messaging.client.operation.duration", "s", "How long calls that send took; of requests, until the answer.", tags: null, Seconds);
        _consumed = meter.CreateCounter<long>("messaging.client.consumed.messages", "{message}", "Messages whose listeners have ended.");
        _processing = meter.CreateHistogram("messaging.process.duration", "s", "How long the listeners of a message ran.", tags: null, Seconds);
        _queue = meter.CreateHistogram("ipc.messages.queue.duration", "s", "From the sending of a message to the start of its listener.", tags: null, Seconds);
    }

    /// <summary>Whether calls that send are to be told about.</summary>
    public bool ObservesSends => _sent.Enabled || _sending.Enabled;

    /// <summary>Whether messages that are handled are to be told about.</summary>
    public bool ObservesListeners => _consumed.Enabled || _processing.Enabled || _queue.Enabled;

    /// <summary>Whether it matters when a message was sent. Who sends cannot know it of who receives, but most often both run the same program.</summary>
    public bool MeasuresQueues => _queue.Enabled;

    /// <summary>A call that sends has ended.</summary>
    public void Sent(string action, string operation, TimeSpan duration, string? errorType)
    {
        TagList tags = Tags(action, operation, errorType);
        Telling.Guard((Metrics: this, tags, duration), static state =>
        {
            state.Metrics._sent.Add(1, state.tags);
            state.Metrics._sending.Record(state.duration.TotalSeconds, state.tags);
        });
    }

    /// <summary>The listeners of a message have ended.</summary>
    public void Processed(string action, TimeSpan duration, string? errorType)
    {
        TagList tags = Tags(action, TelemetryNames.Process, errorType);
        Telling.Guard((Metrics: this, tags, duration), static state =>
        {
            state.Metrics._consumed.Add(1, state.tags);
            state.Metrics._processing.Record(state.duration.TotalSeconds, state.tags);
        });
    }

    /// <summary>A message that was sent so long ago is about to start.</summary>
    public void Queued(string action, TimeSpan duration)
    {
        TagList tags = Tags(action, TelemetryNames.Process, errorType: null);
        Telling.Guard((Metrics: this, tags, duration), static state => state.Metrics._queue.Record(state.duration.TotalSeconds, state.tags));
    }

    private TagList Tags(string action, string operation, string? errorType)
    {
        var tags = new TagList
        {
            { TelemetryNames.System, TelemetryNames.SystemName },
            { TelemetryNames.OperationName, operation },
            { TelemetryNames.Action, action },
            { TelemetryNames.Group, _group },
            { TelemetryNames.WorkerId, _workerId },
        };
        if (errorType is not null)
        {
            tags.Add(TelemetryNames.ErrorType, errorType);
        }

        return tags;
    }
}
