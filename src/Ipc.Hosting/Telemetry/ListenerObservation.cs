using System.Diagnostics;
using Ipc.Serialization;
using Ipc.Transports;

namespace Ipc.Telemetry;

/// <summary>What is told about one message while its listeners run. Nothing until <see cref="Begin"/>, which the message's own code calls only when somebody wants to know.</summary>
internal struct ListenerObservation
{
    private Activity? _activity;

    /// <summary>Whether there is something to tell of a message with this header.</summary>
    public static bool IsWanted(FrameHeader header) => (header.Flags & FrameFlags.Trace) != 0 || MessageTracing.Source.HasListeners();

    /// <summary>The listeners are about to run, on this thread and whatever it starts.</summary>
    /// <exception cref="MessageFormatException">The frame's trace context is none.</exception>
    public void Begin(PeerId self, ReadOnlySpan<byte> frame, FrameHeader header, int bodyOffset, in MessageContext context)
    {
        ActivityContext parent = TraceContext.Read(frame, header, bodyOffset, TraceHeaders.ReadTraceState(context.Headers));
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
    public readonly void Fail(Exception error)
    {
        if (_activity is { } activity)
        {
            MessageTracing.Fail(activity, error, TelemetryNames.ErrorTypeOf(error));
        }
    }

    /// <summary>The listeners have ended.</summary>
    public void End()
    {
        if (_activity is null)
        {
            return;
        }

        try
        {
            _activity.Stop();
        }
#pragma warning disable CA1031 // As in Begin; this may be the thread that reads for everybody.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        _activity = null;
    }
}
