using Ipc.Streams;
using Ipc.Transports;

namespace Ipc.Options;

/// <summary>Checks that several kinds of options share; every message names the option and what it may be.</summary>
internal static class OptionChecks
{
    private static readonly TimeSpan LongestTimeout = Messaging.Deadline.Longest;

    /// <summary>What every program has that sends and receives.</summary>
    public static void CheckPeer(List<string> errors, IpcPeerOptions options)
    {
        if (options.Endpoint is { } endpoint && !EndpointPath.IsName(endpoint))
        {
            errors.Add($"Ipc:Endpoint is \"{endpoint}\"; it must be {EndpointPath.NameRule}.");
        }

        CheckTimeout(errors, "Ipc:RequestTimeout", options.RequestTimeout, zeroAllowed: false, infiniteAllowed: true);
        CheckTimeout(errors, "Ipc:SendTimeout", options.SendTimeout, zeroAllowed: true, infiniteAllowed: false);
        CheckTimeout(errors, "Ipc:StartTimeout", options.StartTimeout, zeroAllowed: false, infiniteAllowed: false);
        CheckTimeout(errors, "Ipc:StopTimeout", options.StopTimeout, zeroAllowed: true, infiniteAllowed: false);
        CheckRange(errors, "Ipc:MaxMessageSize", options.MaxMessageSize, OptionLimits.MinMessageSize, OptionLimits.MaxMessageSize);
        CheckRange(errors, "Ipc:MaxPendingMessages", options.MaxPendingMessages, OptionLimits.MinPendingMessages, OptionLimits.MaxPendingMessages);
        CheckRange(errors, "Ipc:SpinBudget", options.SpinBudget ?? 0, 0, OptionLimits.MaxWaitBudget);
        CheckRange(errors, "Ipc:YieldBudget", options.YieldBudget ?? 0, 0, OptionLimits.MaxWaitBudget);
        CheckRange(errors, "Ipc:StreamWindow", options.StreamWindow, StreamLimits.MinWindow, StreamLimits.MaxWindow);
    }

    /// <summary>Where the endpoint's socket is.</summary>
    public static void CheckSocket(List<string> errors, string option, string? folder, string endpoint)
    {
        if (!EndpointPath.IsName(endpoint))
        {
            return; // said already
        }

        try
        {
            EndpointPath.Of(folder ?? EndpointPath.FolderOf(), endpoint);
        }
        catch (ArgumentException error)
        {
            errors.Add($"{option} is \"{folder}\": {error.Message}");
        }
    }

    public static void CheckTimeout(List<string> errors, string option, TimeSpan value, bool zeroAllowed, bool infiniteAllowed)
    {
        if (infiniteAllowed && value == Timeout.InfiniteTimeSpan)
        {
            return;
        }

        if (value < TimeSpan.Zero || value > LongestTimeout || (value == TimeSpan.Zero && !zeroAllowed))
        {
            errors.Add(FormattableString.Invariant(
                $"{option} is {value}; it must be {(zeroAllowed ? "from 00:00:00 to" : "more than 00:00:00 and at most")} {LongestTimeout}{(infiniteAllowed ? ", or -00:00:00.001 for ever" : "")}."));
        }
    }

    public static void CheckRange(List<string> errors, string option, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            errors.Add($"{option} is {value}; it must be from {min} to {max}.");
        }
    }
}
