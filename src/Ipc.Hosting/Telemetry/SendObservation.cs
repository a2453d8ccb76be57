using System.Diagnostics;

namespace Ipc.Telemetry;

/// <summary>What is told about one call that sends. Made inside the async method that wraps the call, so that the activity is the current one for what the call does, and for nothing else.</summary>
internal readonly struct SendObservation
{
    private readonly Activity? _activity;

    private SendObservation(Activity? activity)
    {
        _activity = activity;
    }

    /// <summary>Whether somebody wants to know.</summary>
    public static bool IsWanted => MessageTracing.Source.HasListeners();

    /// <summary>The call begins.</summary>
    public static SendObservation Begin(PeerId self, string action, string operation, Target target)
    {
        try
        {
            return new SendObservation(MessageTracing.StartSend(self, action, operation, target));
        }
#pragma warning disable CA1031 // An ActivityListener's code: the message is sent all the same.
        catch (Exception)
#pragma warning restore CA1031
        {
            return default;
        }
    }

    /// <summary>The call has ended.</summary>
    /// <param name="error">Why it failed, if it did.</param>
    public void End(Exception? error = null)
    {
        if (_activity is null)
        {
            return;
        }

        try
        {
            if (error is not null)
            {
                MessageTracing.Fail(_activity, error, TelemetryNames.ErrorTypeOf(error));
            }

            _activity.Stop();
        }
#pragma warning disable CA1031 // As in Begin.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }
}
