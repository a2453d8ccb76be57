using System.Diagnostics;

namespace Ipc.Telemetry;

/// <summary>What is told about one call that sends. Made inside the async method that wraps the call, so that the activity is the current one for what the call does, and for nothing else.</summary>
internal readonly struct SendObservation
{
    private readonly MessageMetrics? _metrics;
    private readonly Activity? _activity;
    private readonly string _action;
    private readonly string _operation;
    private readonly long _begun;

    private SendObservation(MessageMetrics? metrics, Activity? activity, string action, string operation)
    {
        _metrics = metrics;
        _activity = activity;
        _action = action;
        _operation = operation;
        _begun = metrics is null ? 0 : Stopwatch.GetTimestamp();
    }

    /// <summary>Whether somebody wants to know.</summary>
    public static bool IsWanted(MessageMetrics metrics) => metrics.ObservesSends || MessageTracing.Source.HasListeners();

    /// <summary>A call begins that sends to a target.</summary>
    public static SendObservation Begin(MessageMetrics metrics, PeerId self, string action, string operation, Target target) =>
        Begin(metrics, self, action, operation, target, topic: null);

    /// <summary>A call begins that publishes under a topic.</summary>
    public static SendObservation Begin(MessageMetrics metrics, PeerId self, string action, string topic) =>
        Begin(metrics, self, action, TelemetryNames.Send, default, topic);

    private static SendObservation Begin(MessageMetrics metrics, PeerId self, string action, string operation, Target target, string? topic)
    {
        Activity? activity = null;
        try
        {
            activity = MessageTracing.StartSend(self, action, operation, target, topic);
        }
#pragma warning disable CA1031 // An ActivityListener's code: the message is sent all the same.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        return new SendObservation(metrics.ObservesSends ? metrics : null, activity, action, operation);
    }

    /// <summary>The call has ended.</summary>
    /// <param name="error">Why it failed, if it did.</param>
    public void End(Exception? error = null)
    {
        string? errorType = error is null ? null : TelemetryNames.ErrorTypeOf(error);
        _metrics?.Sent(_action, _operation, Stopwatch.GetElapsedTime(_begun), errorType);
        if (_activity is not null)
        {
            Telling.Guard((Activity: _activity, error, errorType), static state =>
            {
                if (state.error is not null)
                {
                    MessageTracing.Fail(state.Activity, state.error, state.errorType!);
                }

                state.Activity.Stop();
            });
        }
    }
}
