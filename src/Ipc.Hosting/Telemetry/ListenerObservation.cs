using System.Diagnostics;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Telemetry;

/// <summary>What is told about one message while its listeners run. Nothing until <see cref="Begin"/>, which the message's own code calls only when somebody wants to know.</summary>
internal struct ListenerObservation
{
    private MessageMetrics? _metrics;
    private Activity? _activity;
    private string? _errorType;
    private long _begun;

    /// <summary>Whether there is something to tell of a message with this header.</summary>
    public static bool IsWanted(MessageMetrics metrics, FrameHeader header) =>
        (header.Flags & FrameFlags.Trace) != 0 || metrics.ObservesListeners || MessageTracing.Source.HasListeners();

    /// <summary>The listeners are about to run, on this thread and whatever it starts.</summary>
    /// <exception cref="MessageFormatException">The frame has no room for what its flags promise.</exception>
    public void Begin(MessageMetrics metrics, PeerId self, ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset, in MessageContext context)
    {
        ActivityContext parent = TraceContext.Read(frame, header, bodyOffset, TraceHeaders.ReadTraceState(context.Headers));
        if (metrics.ObservesListeners)
        {
            _metrics = metrics;
            _begun = Stopwatch.GetTimestamp();
            if (metrics.MeasuresQueues && SendingTime.Read(frame, header, bodyOffset) is var sent && sent > 0 && sent <= _begun)
            {
                metrics.Queued(context.Action, Stopwatch.GetElapsedTime(sent, _begun));
            }
        }

        if (parent == default && !MessageTracing.Source.HasListeners())
        {
            return;
        }

        try
        {
            _activity = MessageTracing.StartProcess(self, context, header.Kind == FrameKind.Request, parent);
            if (_activity is not null && parent != default && context.Headers.Count != 0)
            {
                TraceHeaders.ReadBaggage(context.Headers, _activity);
            }
        }
#pragma warning disable CA1031 // An ActivityListener's code: the message is handled all the same.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>A listener has failed, or the message was none.</summary>
    public void Fail(Exception error)
    {
        if (_metrics is null && _activity is null)
        {
            return;
        }

        _errorType ??= TelemetryNames.ErrorTypeOf(error);
        if (_activity is not null)
        {
            Telling.Guard((Activity: _activity, error, Type: _errorType), static state => MessageTracing.Fail(state.Activity, state.error, state.Type));
        }
    }

    /// <summary>The listeners have ended.</summary>
    public void End(string action)
    {
        _metrics?.Processed(action, Stopwatch.GetElapsedTime(_begun), _errorType);
        if (_activity is not null)
        {
            Telling.Guard(_activity, static activity => activity.Stop());
        }

        this = default;
    }
}
