using System.Diagnostics;

namespace Ipc.Telemetry;

/// <summary>The activities of messages: one for each call that sends, one for each message that listeners handle.</summary>
internal static class MessageTracing
{
    /// <summary>One for the process: listeners choose sources by name, so that a source per host would not keep hosts apart.</summary>
    public static readonly ActivitySource Source = new(IpcDiagnostics.ActivitySourceName);

    /// <summary>What a frame is to carry the context of; <see langword="null"/> when nothing is traced.</summary>
    public static Activity? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C } current ? current : null;

    /// <summary>A call that sends begins; <see langword="null"/> when nobody wants to know.</summary>
    public static Activity? StartSend(PeerId self, string action, string operation, Target target, string? topic)
    {
        if (!Source.HasListeners())
        {
            return null;
        }

        // Who asks waits for the answer; who sends does not wait for the listener.
        ActivityKind kind = ReferenceEquals(operation, TelemetryNames.Request) ? ActivityKind.Client : ActivityKind.Producer;
        Activity? activity = Source.StartActivity($"{operation} {action}", kind, default(ActivityContext), Tags(self, action, operation, TelemetryNames.Send));
        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(topic is null ? TelemetryNames.Target : TelemetryNames.Topic, topic ?? target.ToString());
        }

        return activity;
    }

    /// <summary>
    /// Listeners are about to run. Where nobody listens to the source, a trace that came with the message goes on all the same: through what the listeners send, and in their log lines.
    /// </summary>
    public static Activity? StartProcess(PeerId self, in MessageContext context, bool isRequest, ActivityContext parent)
    {
        string name = $"{TelemetryNames.Process} {context.Action}";
        Activity? activity = Source.StartActivity(
            name,
            isRequest ? ActivityKind.Server : ActivityKind.Consumer,
            parent,
            Tags(self, context.Action, TelemetryNames.Process, TelemetryNames.Process));
        if (activity is null && parent != default)
        {
            activity = new Activity(name).SetParentId(parent.TraceId, parent.SpanId, parent.TraceFlags);
            activity.TraceStateString = parent.TraceState;
            activity.Start();
        }

        if (activity is { IsAllDataRequested: true })
        {
            activity.SetTag(TelemetryNames.Sender, context.Sender.ToString());
            if (context.Topic is not null)
            {
                activity.SetTag(TelemetryNames.Topic, context.Topic);
            }

            if (context.DeliveryCount > 1)
            {
                activity.SetTag(TelemetryNames.DeliveryCount, context.DeliveryCount);
            }
        }

        return activity;
    }

    /// <summary>What the activity is about has failed.</summary>
    public static void Fail(Activity activity, Exception error, string errorType)
    {
        activity.SetStatus(ActivityStatusCode.Error, error.Message);
        if (activity.IsAllDataRequested)
        {
            activity.SetTag(TelemetryNames.ErrorType, errorType).AddException(error);
        }
    }

    /// <summary>Known before the activity, so that samplers can decide by them.</summary>
    private static KeyValuePair<string, object?>[] Tags(PeerId self, string action, string operation, string type) =>
    [
        new(TelemetryNames.System, TelemetryNames.SystemName),
        new(TelemetryNames.OperationName, operation),
        new(TelemetryNames.OperationType, type),
        new(TelemetryNames.Action, action),
        new(TelemetryNames.Group, self.Group),
        new(TelemetryNames.WorkerId, self.WorkerId),
    ];
}
