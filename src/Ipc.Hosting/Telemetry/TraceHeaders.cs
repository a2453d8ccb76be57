using System.Diagnostics;

namespace Ipc.Telemetry;

/// <summary>What an activity carries beside its ids, vendors' <c>tracestate</c> and the application's <c>baggage</c>, travels in the message's headers. Most have neither.</summary>
internal static class TraceHeaders
{
    private const string TraceStateName = "tracestate";

    /// <summary>The headers of a message that an activity sends; the message's own stay as they are.</summary>
    public static MessageHeaders? AddTo(MessageHeaders? own, Activity activity)
    {
        string? state = activity.TraceStateString;
        if (string.IsNullOrEmpty(state) && !activity.Baggage.Any())
        {
            return own;
        }

        var all = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!string.IsNullOrEmpty(state))
        {
            all[TraceStateName] = state;
        }

        AddBaggage(all, activity);
        foreach ((string name, string value) in own ?? MessageHeaders.Empty)
        {
            all[name] = value;
        }

        return new MessageHeaders(all);
    }

    /// <summary>The sender's <c>tracestate</c>, if it has sent one.</summary>
    public static string? ReadTraceState(MessageHeaders headers) => headers.TryGetValue(TraceStateName, out string? state) ? state : null;

    /// <summary>Gives an activity the baggage that came with its message.</summary>
    public static void ReadBaggage(MessageHeaders headers, Activity activity)
    {
        IEnumerable<KeyValuePair<string, string?>>? baggage = DistributedContextPropagator.Current.ExtractBaggage(
            headers,
            static (object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
            {
                values = null;
                value = ((MessageHeaders)carrier!).TryGetValue(name, out string? found) ? found : null;
            });
        foreach ((string name, string? value) in baggage ?? [])
        {
            activity.AddBaggage(name, value);
        }
    }

    /// <summary>The propagator knows how baggage is written, and whether the application wants it to leave the process.</summary>
    private static void AddBaggage(Dictionary<string, string> headers, Activity activity)
    {
        try
        {
            DistributedContextPropagator.Current.Inject(activity, headers, static (carrier, name, value) =>
            {
                if (name is not ("traceparent" or "Request-Id" or TraceStateName)) // in the frame already
                {
                    ((Dictionary<string, string>)carrier!)[name] = value;
                }
            });
        }
#pragma warning disable CA1031 // The application's propagator: the message is sent all the same.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
