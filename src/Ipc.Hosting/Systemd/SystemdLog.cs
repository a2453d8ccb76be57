using Microsoft.Extensions.Logging;

namespace Ipc.Systemd;

/// <summary>What the supervisor logs about systemd.</summary>
internal static partial class SystemdLog
{
    [LoggerMessage(140, LogLevel.Error, "systemd's watchdog is not fed: {Silent}. It restarts the service when that goes on for WatchdogSec.")]
    public static partial void NotFed(ILogger logger, string silent);

    [LoggerMessage(141, LogLevel.Warning, "systemd could not be told {Assignment} (NOTIFY_SOCKET): {Reason}. Further failures are not logged.")]
    public static partial void NotHeard(ILogger logger, string assignment, string reason);
}
